import '#server-only'
import type { S3Client } from '@aws-sdk/client-s3'
import { env } from './env.ts'
import { log } from './log.ts'
import { Overloaded } from './overload.ts'
import type { S3Address } from './storage-address.ts'

/** Milliseconds: for the connection, for the answer, and for silence on a connection. */
export const S3_TIMES = { connectionTimeout: 2_000, requestTimeout: 20_000, socketTimeout: 20_000 }
/** Number of attempts in all if S3 fails or asks to slow down; the library waits longer each time. */
const ATTEMPTS = 3
/** Seconds until a person may retry. */
const RETRY_AFTER = 10

// Loaded on demand: an installation without S3 does not need it in memory.
const load = () => import('@aws-sdk/client-s3')
export type Sdk = Awaited<ReturnType<typeof load>>

const clients = new Map<string, Promise<S3Client>>()

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
    // Without keys the library uses the machine's credentials (roles, metadata), as documented.
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
    // Checksums are requested explicitly, because not every server knows those that the library adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** A fault of S3 without its request, which contains the credentials' signature. */
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

/** Returns the error for a store that fails, answered with 503. */
export function away(operation: string, error: unknown): Overloaded {
  const { name, code, $metadata } = error as Fault
  const cause = `S3 ${operation}: ${[name, code, $metadata?.httpStatusCode].filter(Boolean).join(' ')}`
  // At most one line in ten seconds, because every request meets the same failure.
  if (performance.now() - loggedAt > 10_000) {
    loggedAt = performance.now()
    log().error({ fault: cause }, 'the store of files does not answer as it should')
  }
  return new Overloaded(RETRY_AFTER, { cause: new Error(cause) })
}

/**
 * Sends one request.
 *
 * @throws Overloaded for every fault except a missing object, a conflict and an expired upload, which are thrown unchanged
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
