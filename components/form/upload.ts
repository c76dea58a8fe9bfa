export type UploadState =
  | { readonly at: 'rest' | 'checking' | 'broken' | 'away' }
  | { readonly at: 'sending'; readonly percent: number }

/**
 * Sends a multipart form as the browser would, and says how far it is. Follows to the page that the server answers
 * with; when the connection breaks, or the server has no room, the page stays, with everything that was chosen and typed.
 */
export function upload(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  say: (state: UploadState) => void,
): void {
  const request = new XMLHttpRequest()
  request.open('POST', form.getAttribute('action') ?? '')
  // A redirect would be followed unseen, and the page behind it would show its message, once, to no reader.
  request.setRequestHeader('accept', 'application/json')
  request.responseType = 'json'
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    say({ at: 'sending', percent: total > 0 ? Math.floor((100 * loaded) / total) : 0 }),
  )
  request.upload.addEventListener('load', () => say({ at: 'checking' }))
  request.addEventListener('error', () => say({ at: 'broken' }))
  request.addEventListener('load', () => {
    const next = whereTo(request)
    say({ at: next === null ? (request.status === 503 ? 'away' : 'broken') : 'rest' })
    if (next !== null) location.assign(next)
  })
  say({ at: 'sending', percent: 0 })
  request.send(new FormData(form, submitter))
}

function whereTo({ status, response }: XMLHttpRequest): string | null {
  const next: unknown = status === 200 ? response?.location : null
  return typeof next === 'string' ? next : null
}
