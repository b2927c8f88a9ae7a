import { useFormat } from '../i18n/use-format.ts';

/** A size, rounded for reading; to the byte in the tooltip. */
export function ByteCount({ bytes }: { readonly bytes: number }) {
  const format = useFormat();
  return (
    <span className="tabular" title={format.number(bytes)}>
      {format.bytes(bytes)}
    </span>
  );
}
