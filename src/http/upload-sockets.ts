/** Known to the server below the framework, without the parser of uploads: that is loaded later. */
const uploading = new WeakSet<object>();

/** From now on an upload comes in on this socket; call what is returned when it is over. */
export function beginUpload(socket: object): () => void {
  uploading.add(socket);
  return () => {
    uploading.delete(socket);
  };
}

export function isUploading(socket: object): boolean {
  return uploading.has(socket);
}
