import '#server-only'
import { decrypt, encrypt } from './aead.ts'
import { env } from './env.ts'

export interface WrappedKey {
  readonly wrapped: Uint8Array<ArrayBuffer>
  readonly wrapKeyVersion: number
}

/** The columns of a {@link WrappedKey}, for a SELECT. */
export const WRAPPED_KEY = { wrapped: true, wrapKeyVersion: true } as const

/**
 * The port for wrapping case keys, behind which a hardware module could be used. No other part of the product knows the
 * wrapping key.
 */
interface KeyWrapper {
  readonly version: () => number
  readonly wrap: (context: string, key: Buffer) => WrappedKey
  /** Throws if it was wrapped for another context, or under an unknown key. */
  readonly unwrap: (context: string, stored: WrappedKey) => Buffer
}

/** Uses wrapping keys from the environment or from files: `ANTAM_KEY` wraps, `ANTAM_KEY_ALSO` still opens. */
export const keyWrapper: KeyWrapper = {
  version: () => env().ANTAM_KEY.version,
  wrap(context, key) {
    const { version, bytes } = env().ANTAM_KEY
    return { wrapped: encrypt(bytes, context, key), wrapKeyVersion: version }
  },
  unwrap(context, { wrapped, wrapKeyVersion }) {
    const { ANTAM_KEY, ANTAM_KEY_ALSO } = env()
    const key = [ANTAM_KEY, ANTAM_KEY_ALSO].find((one) => one?.version === wrapKeyVersion)
    if (!key) throw new Error(`wrapping key ${wrapKeyVersion} is not given (ANTAM_KEY, ANTAM_KEY_ALSO)`)
    return decrypt(key.bytes, context, wrapped)
  },
}
