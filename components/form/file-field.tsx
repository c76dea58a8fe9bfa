'use client'
import { useEffect, useRef, useState } from 'react'
import { fileSize } from '#lib/file-size.ts'
import { FieldFrame, type FieldTexts } from './field-frame.tsx'
import { FilePicker } from './file-picker.tsx'
import { useField } from './form-context.ts'

export interface FileWords {
  /** Label while no file is chosen, and after one is. */
  readonly pick: string
  readonly pickOthers: string
  readonly chosen: string
  /** Label of the remove button; the second text has `{name}`, for screen readers. */
  readonly drop: string
  readonly dropWhich: string
  readonly tooLarge: string
  readonly tooMany: string
  readonly sending: string
  readonly checking: string
  readonly broken: string
  /** Shown while the server or its file store accepts no files. */
  readonly away: string
}

interface FileFieldProps extends FieldTexts {
  readonly accept: string
  readonly maxFiles: number
  /** Maximum size of one file, in bytes. */
  readonly maxBytes: number
  readonly words: FileWords
}

/** Renders a file picker for a multipart PostForm. With a script it lists the files, rejects large ones and shows progress. */
export function FileField({ accept, maxFiles, maxBytes, words, ...texts }: FileFieldProps) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  const input = useRef<HTMLInputElement>(null)
  const [files, setFiles] = useState<readonly File[]>([])
  const [state, setState] = useState<UploadState>({ at: 'rest' })
  const [live, setLive] = useState(false)
  const tooMany = files.length > maxFiles
  const sendable = !tooMany && files.every((file) => file.size <= maxBytes)
  const busy = state.at === 'sending' || state.at === 'checking'

  // The change event of files chosen before this script ran was missed.
  useEffect(() => {
    setLive(true)
    const early = input.current?.files
    if (early?.length) setFiles([...early])
  }, [])

  useEffect(() => {
    const form = input.current?.form
    const send = (event: SubmitEvent) => {
      if (files.length === 0) return
      event.preventDefault()
      if (busy) return
      if (sendable) upload(event.currentTarget as HTMLFormElement, event.submitter, setState)
      else input.current?.focus()
    }
    form?.addEventListener('submit', send)
    return () => form?.removeEventListener('submit', send)
  }, [files, sendable, busy])

  const drop = (gone: File) => {
    if (!input.current) return
    const kept = new DataTransfer()
    for (const file of files) if (file !== gone) kept.items.add(file)
    input.current.files = kept.files
    setFiles([...kept.files])
    // The pressed button no longer exists.
    input.current.focus()
  }

  return (
    <FieldFrame
      {...texts}
      // The browser empties a file control when the page is shown again, so any files were chosen after the refusal.
      mended={files.length > 0}
      after={
        files.length === 0 ? null : (
          <div className="chosen">
            <p className="chosen-title">{words.chosen}</p>
            {/* Above the files: below thirty of them it would be out of sight. */}
            <div role="alert">{tooMany ? <p className="error">{words.tooMany}</p> : null}</div>
            <ul>
              {files.map((file) => (
                <Chosen
                  key={`${file.name} ${file.size} ${file.lastModified}`}
                  file={file}
                  fault={file.size > maxBytes ? words.tooLarge : undefined}
                  words={words}
                  {...(busy ? {} : { onDrop: () => drop(file) })}
                />
              ))}
            </ul>
            <Progress state={state} words={words} />
          </div>
        )
      }
    >
      <FilePicker
        id={id}
        name={texts.name}
        accept={accept}
        multiple={maxFiles > 1}
        input={input}
        onChange={(event) => {
          setFiles([...(event.currentTarget.files ?? [])])
          setState({ at: 'rest' })
        }}
        aria={files.length > 0 ? { ...aria, 'aria-invalid': undefined } : aria}
        words={live ? (files.length === 0 ? words.pick : words.pickOthers) : null}
      />
    </FieldFrame>
  )
}

function Chosen({
  file,
  fault,
  words,
  onDrop,
}: {
  readonly file: File
  readonly fault: string | undefined
  readonly words: FileWords
  readonly onDrop?: () => void
}) {
  return (
    <li>
      <span className="chosen-name">{file.name}</span>
      <span className="num">{fileSize(file.size, document.documentElement.lang)}</span>
      {onDrop ? (
        <button type="button" className="button" data-look="plain" data-size="small" onClick={onDrop}>
          <span aria-hidden="true">{words.drop}</span>
          <span className="sr-only">{words.dropWhich.replace('{name}', file.name)}</span>
        </button>
      ) : null}
      {fault === undefined ? null : (
        <p className="error" role="alert">
          {fault}
        </p>
      )}
    </li>
  )
}

/** Renders the upload's progress and errors. Screen readers hear it in steps of a quarter; the bar is continuous. */
function Progress({ state, words }: { readonly state: UploadState; readonly words: FileWords }) {
  const said = (percent: number) => words.sending.replace('{percent}', String(percent))
  return (
    <>
      {state.at === 'sending' ? (
        <>
          <progress value={state.percent} max={100} aria-hidden="true" />
          <p aria-hidden="true">{said(state.percent)}</p>
        </>
      ) : null}
      {state.at === 'checking' ? <p aria-hidden="true">{words.checking}</p> : null}
      <p className="sr-only" aria-live="polite">
        {state.at === 'sending' ? said(state.percent - (state.percent % 25)) : null}
        {state.at === 'checking' ? words.checking : null}
      </p>
      <div role="alert">
        {state.at === 'broken' || state.at === 'away' ? <p className="error">{words[state.at]}</p> : null}
      </div>
    </>
  )
}

type UploadState =
  | { readonly at: 'rest' | 'checking' | 'broken' | 'away' }
  | { readonly at: 'sending'; readonly percent: number }

/** Sends a multipart form and reports its progress. If the connection breaks, the page stays with all files and input. */
function upload(form: HTMLFormElement, submitter: HTMLElement | null, say: (state: UploadState) => void) {
  const request = new XMLHttpRequest()
  request.open('POST', form.getAttribute('action') ?? '')
  // XMLHttpRequest would follow a redirect and so consume the next page's one-time message before anyone reads it.
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
