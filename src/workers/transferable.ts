/** A copy that may be given away: what the encoder returns lies in memory that it goes on using. */
export function transferable(bytes: Uint8Array): ArrayBuffer {
  const own = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(own).set(bytes)
  return own
}
