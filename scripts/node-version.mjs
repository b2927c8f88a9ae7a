// Imported before anything else by every command, so it uses nothing that an old Node cannot parse.

const wanted = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  process.stderr.write(
    `Earshot needs Node ${wanted.join('.')} or newer; this is ${process.version}. ` +
      'Install a current one from https://nodejs.org and try again.\n',
  );
  process.exit(1);
}
