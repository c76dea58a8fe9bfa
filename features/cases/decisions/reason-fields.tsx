'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Select } from '#components/form/choices.tsx'
import { TextArea } from '#components/form/field.tsx'
import { useField } from '#components/form/form-context.ts'
import { CHECK_FIELDS } from '../proof/rules.ts'
import { reasonByCheck } from './rules.ts'

type Language = 'vi' | 'en'
type InBoth = Readonly<Record<Language, string>>

/** A reason to choose: its name, its ready text, and the words for it that the citizen reads. */
interface ReadyReason {
  readonly value: string
  readonly label: string
  readonly text: InBoth | null
  readonly said: InBoth | null
}

export interface ReasonFieldsProps {
  readonly reasons: readonly ReadyReason[]
  readonly language: Language
  readonly isPublic: boolean
  readonly rows: number
  /** The key that moves to the reasons, in the notation of `aria-keyshortcuts`. */
  readonly shortcut?: string | undefined
  readonly snippets: readonly { readonly id: string; readonly text: string }[]
  readonly words: {
    readonly code: string
    readonly none: string
    readonly label: string
    readonly hint: ReactNode
    readonly preview: string
    readonly vi: string
    readonly en: string
    readonly own: string
    readonly sent: string
    readonly snippet: string
    readonly snippetNone: string
  }
}

const onlyWords = (text: string): string => text.replace(/\s+/g, ' ').trim()

/**
 * Renders the reason of a decision and its words. A chosen reason fills in its ready words, unless other words were written;
 * without a script the server does that. A completed checklist suggests the fitting reason.
 */
export function ReasonFields({
  reasons,
  language,
  isPublic,
  rows,
  shortcut,
  snippets,
  words,
}: ReasonFieldsProps) {
  const box = useRef<HTMLDivElement>(null)
  const suggested = useRef('')
  const [code, setCode] = useState(useField('reasonCode', false).value)
  const [text, setText] = useState(useField('reason', false).value)
  const isReady = (written: string): boolean =>
    reasons.some((one) => one.text && Object.values(one.text).map(onlyWords).includes(onlyWords(written)))

  const read = () => {
    const select = box.current?.querySelector('select')
    const area = box.current?.querySelector('textarea')
    if (!area) return
    const chosen = select?.value ?? ''
    const ready = reasons.find(({ value }) => value === chosen)?.text?.[language] ?? ''
    if (onlyWords(area.value) === '' || isReady(area.value)) area.value = ready
    setCode(chosen)
    setText(area.value)
  }
  /** Appends a sentence to the text; it replaces a ready text. */
  const put = (select: HTMLSelectElement) => {
    const own = snippets.find(({ id }) => id === select.value)?.text
    const area = box.current?.querySelector('textarea')
    select.value = ''
    if (own === undefined || !area) return
    const before = isReady(area.value) ? '' : area.value.trim()
    area.value = [before, own].filter(Boolean).join(' ')
    setText(area.value)
    area.focus()
  }

  const chosen = useRef(read)
  chosen.current = read

  useEffect(() => {
    const form = box.current?.closest('form')
    const select = box.current?.querySelector('select')
    // A reason that was chosen before the script ran gets its words as well.
    chosen.current()
    if (!form || !select) return
    const answered = ({ target }: Event) => {
      const name = target instanceof HTMLInputElement ? target.name : ''
      if (!CHECK_FIELDS.some((field) => field === name)) return
      const data = new FormData(form)
      const check = Object.fromEntries(CHECK_FIELDS.map((field) => [field, data.get(field) ?? undefined]))
      const fits = reasonByCheck(check) ?? ''
      if (select.value !== '' && select.value !== suggested.current) return
      select.value = [...select.options].some(({ value }) => value === fits) ? fits : ''
      suggested.current = select.value
      chosen.current()
    }
    form.addEventListener('change', answered)
    return () => form.removeEventListener('change', answered)
  }, [])

  return (
    <div ref={box} className="stack" onChange={read}>
      {reasons.length === 0 ? null : (
        <Select
          name="reasonCode"
          label={words.code}
          placeholder={words.none}
          shortcut={shortcut}
          options={reasons.map(({ value, label }) => ({ value, label }))}
        />
      )}
      <TextArea name="reason" label={words.label} hint={words.hint} rows={rows} />
      {snippets.length === 0 ? null : (
        // Without a script, the sentence is used if nothing else is written.
        <select
          className="control snippet"
          name="snippet"
          aria-label={words.snippet}
          defaultValue=""
          onChange={(event) => {
            event.stopPropagation()
            put(event.currentTarget)
          }}
        >
          <option value="">{words.snippetNone}</option>
          {snippets.map(({ id, text: own }) => (
            <option key={id} value={id}>
              {own.length > 70 ? `${own.slice(0, 69)}…` : own}
            </option>
          ))}
        </select>
      )}
      {isPublic && (text !== '' || code !== '') ? (
        <Preview
          language={language}
          words={words}
          reason={reasons.find(({ value }) => value === code) ?? null}
          written={isReady(text) || text === '' ? null : text}
        />
      ) : null}
    </div>
  )
}

interface PreviewProps extends Pick<ReasonFieldsProps, 'language' | 'words'> {
  readonly reason: ReadyReason | null
  /** The person's own words; null if the ready words are sent. */
  readonly written: string | null
}

/** Renders the words as the citizen will read them. A ready text is shown in the other language too, for its readers. */
function Preview({ language, words, reason, written }: PreviewProps) {
  const [shown, setShown] = useState(language)
  const text = written ?? reason?.text?.[shown] ?? ''
  return (
    <div className="letter" data-preview={shown}>
      <p className="letter-head">
        {words.preview}
        <span>
          {(['vi', 'en'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={one === shown} onClick={() => setShown(one)}>
              {words[one]}
            </button>
          ))}
        </span>
      </p>
      <div lang={written === null ? shown : undefined} className="wrap-anywhere whitespace-pre-line">
        {reason?.said ? <p className="font-semibold">{reason.said[shown]}</p> : null}
        <p>{text}</p>
      </div>
      <p className="text-soft">{written === null ? words.sent : words.own}</p>
    </div>
  )
}
