const IPV4_BYTES = 4
const IPV6_BYTES = 16
/** Bytes of an IPv6 address that one subscriber's network has in common. */
const NETWORK_BYTES = 8
const MAPPED_PREFIX = '00000000000000000000ffff'

/**
 * Whom failed logins are counted for: an IPv4 address, or the /64 network of an IPv6 address, since one subscriber has all of
 * it. '' when the address is not known.
 */
export function addressKey(bytes: ArrayBuffer): string {
  const address = Buffer.from(bytes)
  if (address.length === IPV4_BYTES) return address.join('.')
  if (address.length !== IPV6_BYTES) return ''
  const hex = address.toString('hex')
  if (hex.startsWith(MAPPED_PREFIX)) return address.subarray(IPV6_BYTES - IPV4_BYTES).join('.')
  return `${hex.slice(0, NETWORK_BYTES * 2)}/64`
}
