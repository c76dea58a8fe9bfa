/** An address with a port, as some proxies write it: `203.0.113.7:5080` or `[2001:db8::1]:5080`. */
const PORT = /^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/**
 * Returns the network that limits count for an address: a whole IPv4 address (also when written in IPv6), or the first 64 bits of
 * an IPv6 one, the smallest block that a connection gets (RFC 6177). Any other text counts as one network, `unknown`.
 */
export function networkOf(address: string): string {
  const port = PORT.exec(address)
  const bare = (port?.[1] ?? port?.[2] ?? address).replace(/%.*$/, '')
  const ipv4 = MAPPED.exec(bare)?.[1] ?? bare
  if (IPV4.test(ipv4)) return ipv4
  const groups = ipv6Groups(bare)
  return groups === null ? 'unknown' : `${groups.slice(0, 4).join(':')}::/64`
}

/**
 * Returns the network whose answers to the survey count as one person: a subscriber gets a /56 of IPv6 and may answer from any
 * of its 256 parts. Takes what {@link networkOf} returned.
 */
export function householdOf(network: string): string {
  const groups = network.endsWith('::/64') ? ipv6Groups(network.slice(0, -3)) : null
  if (groups === null) return network
  const [a, b, c, d = '0'] = groups
  return `${[a, b, c, (Number.parseInt(d, 16) & 0xff00).toString(16)].join(':')}::/56`
}

/** Returns the eight groups of an IPv6 address without leading zeros; null for any other text. */
function ipv6Groups(address: string): string[] | null {
  if (!URL.canParse(`http://[${address}]`)) return null
  // The URL standard writes every IPv6 address in one way, with the longest run of zeros left out.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  if (tail === undefined) return before
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
