import '#server-only'
import { decrypt, encrypt } from './aead.ts'
import { env } from './env.ts'

/** A key as it is stored: under which version of the wrapping key it can be opened. */
export interface WrappedKey {
  readonly wrapped: Uint8Array<ArrayBuffer>
  readonly wrapKeyVersion: number
}

/** The columns of a {@link WrappedKey}, for a SELECT. */
export const WRAPPED_KEY = { wrapped: true, wrapKeyVersion: true } as const

/**
 * The wrapper of the keys of cases: the port behind which a hardware module would stand. Nothing else of the product
 * knows the wrapping key.
 */
interface KeyWrapper {
  /** The version that new keys are wrapped under. */
  readonly version: () => number
  readonly wrap: (context: string, key: Buffer) => WrappedKey
  /** Throws when it was wrapped for another context, or under a key that is not given. */
  readonly unwrap: (context: string, stored: WrappedKey) => Buffer
}

/** Wrapping keys from the environment, or from files: `ANTAM_KEY` wraps, `ANTAM_KEY_ALSO` still opens. */
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
