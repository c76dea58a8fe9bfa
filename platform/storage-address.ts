import '#server-only'

/** The place of a store: a folder on a disk, or a bucket with a prefix, which ends in a slash unless it is empty. */
export type StorageAddress =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 's3'
      readonly bucket: string
      readonly prefix: string
      readonly endpoint: string | null
      readonly region: string | null
      readonly forcePathStyle: boolean
    }

export type S3Address = Extract<StorageAddress, { readonly kind: 's3' }>

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^(?:[A-Za-z0-9._-]+\/)*$/
const PARAMETERS = ['endpoint', 'region', 'forcePathStyle']

/** Parses `file:PATH` or `s3://BUCKET/PREFIX?endpoint=…&region=…&forcePathStyle=…`; null for anything else. */
export function storageAddress(text: string): StorageAddress | null {
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
    return path === '' || path.startsWith('//') ? null : { kind: 'file', path }
  }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 's3:' || url.username || url.password || url.port || url.hash) return null
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  const { searchParams: given } = url
  const style = given.get('forcePathStyle') ?? 'false'
  const endpoint = given.get('endpoint')
  const right =
    BUCKET.test(url.hostname) &&
    PREFIX.test(prefix && `${prefix}/`) &&
    [...given.keys()].every((name) => PARAMETERS.includes(name)) &&
    ['true', 'false'].includes(style) &&
    (endpoint === null || isBareOrigin(endpoint))
  return right
    ? {
        kind: 's3',
        bucket: url.hostname,
        prefix: prefix && `${prefix}/`,
        endpoint,
        region: given.get('region'),
        forcePathStyle: style === 'true',
      }
    : null
}

/** Refuses credentials in an address, because addresses are logged. Keys have variables of their own. */
function isBareOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search
}

/** Returns the name of a store in the database. There is only one disk. */
export const storageName = (address: StorageAddress): string =>
  address.kind === 'file' ? 'file' : `s3://${address.bucket}/${address.prefix}`
