'use client'
import { type ComponentType, useEffect, useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import type { PhotoWords } from './device-words.ts'
import type { PhotoPanelProps } from './photo-panel.tsx'

/** Asks for a photo. The reader is loaded only when a photo is about to be chosen, so that people who type do not wait for it. */
export function PhotoReader({
  words,
  fields,
  action,
  ask,
}: {
  readonly words: PhotoWords
  readonly fields: readonly string[]
  /** The handler that stores proof in the draft; null if the photo is not sent. */
  readonly action: string | null
  /** The button that takes all numbers and submits the form, if the photo is not sent. */
  readonly ask?: { readonly one: string; readonly both: string }
}) {
  const root = useRef<HTMLDivElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [Panel, setPanel] = useState<ComponentType<PhotoPanelProps> | null>(null)
  const [failed, setFailed] = useState(false)
  const [said, setSaid] = useState('')
  const [hasProof, setHasProof] = useState(false)

  /** Starts loading the reader when a photo is expected; with data saving on, it waits for the photo. */
  const expect = () => {
    const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
    if (connection?.saveData) return
    import('./photo-panel.tsx').then(({ prepareReading }) => prepareReading()).catch(() => {})
  }
  const choose = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    setFile(chosen)
    setFailed(false)
    try {
      const { PhotoPanel } = await import('./photo-panel.tsx')
      setPanel(() => PhotoPanel)
    } catch {
      setFailed(true)
      setSaid(words.unavailable)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a photo that was chosen before this script ran, once.
  useEffect(() => {
    const early = [...(root.current?.querySelectorAll<HTMLInputElement>('input[type=file]') ?? [])]
    void choose(early.flatMap((input) => [...(input.files ?? [])])[0])
  }, [])

  const drop = () => {
    setFile(null)
    setSaid(hasProof ? words.before : '')
  }
  const picker = (camera: boolean) => (
    <label className="photo-pick" data-camera={camera ? '' : undefined}>
      <input
        type="file"
        accept="image/*"
        {...(camera && { capture: 'environment' })}
        className="sr-only"
        onClick={expect}
        onChange={({ currentTarget }) => {
          void choose(currentTarget.files?.[0])
          // Lets the same photo be chosen again.
          currentTarget.value = ''
        }}
      />
      <span className="disc">
        <Icon name="camera" size={26} />
      </span>
      <b>{camera ? words.take : words.choose}</b>
      <span>{words.here}</span>
    </label>
  )
  return (
    <div className="photo needs-script" ref={root} data-photo-reader="">
      {file === null || failed ? (
        <div className="stack">
          {failed ? <p className="error">{words.unavailable}</p> : null}
          <div>
            {picker(true)}
            {picker(false)}
          </div>
          {action === null ? null : (
            <p className="text-sm text-soft" data-photo-before={hasProof ? '' : undefined}>
              {hasProof ? words.before : words.kept}
            </p>
          )}
        </div>
      ) : Panel === null ? (
        <p className="photo-read">{words.reading.replace('{percent}', '0')}</p>
      ) : (
        <Panel
          key={`${file.name} ${file.size} ${file.lastModified}`}
          file={file}
          words={words}
          fields={fields}
          action={action}
          {...(ask && { ask })}
          say={setSaid}
          onStored={() => setHasProof(true)}
          drop={drop}
        />
      )}
      <p className="sr-only" role="status">
        {said}
      </p>
      <p className="photo-or">{words.or}</p>
    </div>
  )
}
