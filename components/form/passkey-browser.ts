export type PasskeyAnswer =
  | { readonly answer: string }
  | { readonly fault: 'unsupported' | 'cancelled' | 'known' | 'failed' }

export async function signWithPasskey(path: string): Promise<PasskeyAnswer> {
  return asked(async ({ startAuthentication }) => {
    const response = await fetch(path, { method: 'POST', headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`${response.status}`)
    return startAuthentication({ optionsJSON: await response.json() })
  })
}

export async function makePasskey(options: string): Promise<PasskeyAnswer> {
  return asked(({ startRegistration }) => startRegistration({ optionsJSON: JSON.parse(options) }))
}

async function asked(
  ask: (library: typeof import('@simplewebauthn/browser')) => Promise<object>,
): Promise<PasskeyAnswer> {
  try {
    const library = await import('@simplewebauthn/browser')
    if (!library.browserSupportsWebAuthn()) return { fault: 'unsupported' }
    return { answer: JSON.stringify(await ask(library)) }
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'InvalidStateError') return { fault: 'known' }
    return { fault: name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : 'failed' }
  }
}
