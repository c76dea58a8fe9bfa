import '#server-only'
import type { S3Client } from '@aws-sdk/client-s3'
import { env } from './env.ts'
import { log } from './log.ts'
import { Overloaded } from './overload.ts'
import type { S3Address } from './storage-address.ts'

/** Milliseconds: to connect, to be answered, and for which a connection may say nothing. */
export const S3_TIMES = { connectionTimeout: 2_000, requestTimeout: 20_000, socketTimeout: 20_000 }
/** So often a request is sent in all where S3 fails or asks to slow down; the library waits longer each time. */
const ATTEMPTS = 3
/** After so many seconds a person may try again. */
const RETRY_AFTER = 10

// Loaded where it is needed: an installation on a disk has none of it in memory.
const load = () => import('@aws-sdk/client-s3')
export type Sdk = Awaited<ReturnType<typeof load>>

const clients = new Map<string, Promise<S3Client>>()

/** Returns the connections to an address, shared by all stores in it. */
function clientOf(address: S3Address): Promise<S3Client> {
  const { endpoint, region, forcePathStyle } = address
  const name = JSON.stringify({ endpoint, region, forcePathStyle })
  const known = clients.get(name)
  if (known) return known
  const client = load().then((sdk) => makeClient(sdk, address))
  clients.set(name, client)
  return client
}

function makeClient({ S3Client }: Sdk, { endpoint, region, forcePathStyle }: S3Address): S3Client {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = env()
  return new S3Client({
    ...(endpoint && { endpoint }),
    region: region ?? AWS_REGION ?? 'us-east-1',
    forcePathStyle,
    // Without keys the library looks for those of the machine (roles, metadata), as it is documented.
    ...(AWS_ACCESS_KEY_ID &&
      AWS_SECRET_ACCESS_KEY && {
        credentials: {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        },
      }),
    maxAttempts: ATTEMPTS,
    requestHandler: { ...S3_TIMES, throwOnRequestTimeout: true },
    // Where a checksum is asked for is said below: not every server knows those that the library adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** Describes a fault of S3 without its request, which holds the credentials' signature. */
interface Fault {
  readonly name?: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const statusOf = (error: unknown): number | undefined => (error as Fault).$metadata?.httpStatusCode
export const isMissing = (error: unknown): boolean =>
  ['NoSuchKey', 'NotFound'].includes((error as Fault).name ?? '')
export const isGone = (error: unknown): boolean => (error as Fault).name === 'NoSuchUpload'
export const isS3Conflict = (error: unknown): boolean => [409, 412].includes(statusOf(error) ?? 0)

let loggedAt = Number.NEGATIVE_INFINITY

/** Returns the error of a store that does not do its part: what waits for it is told to come again (503). */
export function away(operation: string, error: unknown): Overloaded {
  const { name, code, $metadata } = error as Fault
  const cause = `S3 ${operation}: ${[name, code, $metadata?.httpStatusCode].filter(Boolean).join(' ')}`
  // A line in ten seconds: where the store is away every request meets it.
  if (performance.now() - loggedAt > 10_000) {
    loggedAt = performance.now()
    log().error({ fault: cause }, 'the store of files does not answer as it should')
  }
  return new Overloaded(RETRY_AFTER, { cause: new Error(cause) })
}

/**
 * Runs one request.
 *
 * @throws Overloaded for every fault but a missing object, a conflict, and an upload that is gone, which are thrown as they are
 */
export async function askS3<T>(
  address: S3Address,
  operation: string,
  request: (client: S3Client, sdk: Sdk) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await request(await clientOf(address), await load())
  } catch (error) {
    signal?.throwIfAborted()
    if (isMissing(error) || isS3Conflict(error) || isGone(error)) throw error
    throw away(operation, error)
  }
}
