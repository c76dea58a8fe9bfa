export type UploadState =
  | { readonly at: 'rest' | 'checking' | 'broken' }
  | { readonly at: 'sending'; readonly percent: number }

/**
 * Sends a multipart form as the browser would, and says how far it is. Follows to the page that the server answers
 * with; when the connection breaks the page stays, with everything that was chosen.
 */
export function upload(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  say: (state: UploadState) => void,
): void {
  const action = form.getAttribute('action') ?? ''
  const request = new XMLHttpRequest()
  request.open('POST', action)
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    say({ at: 'sending', percent: total > 0 ? Math.floor((100 * loaded) / total) : 0 }),
  )
  request.upload.addEventListener('load', () => say({ at: 'checking' }))
  request.addEventListener('error', () => say({ at: 'broken' }))
  request.addEventListener('load', () => {
    const arrived = request.status === 200 && new URL(request.responseURL).pathname !== action
    say({ at: arrived ? 'rest' : 'broken' })
    if (arrived) location.assign(request.responseURL)
  })
  say({ at: 'sending', percent: 0 })
  request.send(new FormData(form, submitter))
}
