import '#server-only'

/** A code such as EAUTH, ENOSPC, 550 or no_gateway, but no text that quotes a message. */
const CODE = /^[A-Za-z0-9_.-]{1,30}$/

/** Thrown if a channel refuses a message for good, so that it is not tried again there. The code is the reason. */
export class MessageRefused extends Error {
  readonly code: string

  constructor(code: string) {
    super(`refused: ${CODE.test(code) ? code : 'refused'}`)
    this.code = CODE.test(code) ? code : 'refused'
  }
}

/** Thrown for a failed attempt that may be repeated later. */
export class MessageDeferred extends Error {
  readonly code: string

  constructor(code: string) {
    super(`failed: ${CODE.test(code) ? code : 'failed'}`)
    this.code = CODE.test(code) ? code : 'failed'
  }
}

/** Returns an error's code. Its message could contain the address. */
export function messageFault(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  if (typeof responseCode === 'number') return String(responseCode)
  return typeof code === 'string' && CODE.test(code) ? code : 'failed'
}
