'use client'
import {
  type HTMLInputAutoCompleteAttribute,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { FieldFrame, type FieldTexts } from './field-frame.tsx'
import { FilePicker } from './file-picker.tsx'
import { useField } from './form-context.ts'

/** Names the kinds of text that are more than text. A browser's own field for a day has the order of its language, and not of the page's. */
const TYPED = {
  date: { inputMode: 'numeric', placeholder: 'dd/mm/yyyy', autoCapitalize: 'none', 'data-day': '' },
  code: { inputMode: 'numeric', autoComplete: 'one-time-code', 'data-width': 'short', 'data-look': 'number' },
} as const

interface FieldProps extends FieldTexts {
  /** `date`: a day that is typed, `25/11/2026`; the server reads it by `parseDay`. `code`: six digits from a message or an app. */
  readonly type?: 'text' | 'email' | 'tel' | 'password' | 'search' | keyof typeof TYPED
  readonly inputMode?: 'text' | 'numeric' | 'tel' | 'email'
  readonly autoComplete?: HTMLInputAutoCompleteAttribute
  readonly width?: 'full' | 'medium' | 'short'
  /** `number`: larger tabular figures, for numbers that people compare with a box or a bill. */
  readonly look?: 'number'
  readonly placeholder?: string
  /** Takes the focus when the page opens, for a scanner that types into the focused field. */
  readonly focused?: boolean
  /** The key that leads to it, as `aria-keyshortcuts` names it. */
  readonly shortcut?: string
  /** The id of a `datalist` in the page: what may be meant, found while typing. */
  readonly list?: string
  /** Below the control: what we made of the input. */
  readonly after?: ReactNode
}

/**
 * Renders a field for one line of text. No `required` and no `maxLength`: the server answers beside the field in the
 * page's language.
 */
export function Field({
  type = 'text',
  inputMode,
  autoComplete = 'off',
  width = 'full',
  look,
  placeholder,
  focused = false,
  shortcut,
  list,
  after,
  ...texts
}: FieldProps) {
  const { id, value, aria } = useField(texts.name, texts.hint !== undefined)
  const typed = type === 'date' || type === 'code' ? TYPED[type] : null
  return (
    <FieldFrame {...texts} after={after}>
      <input
        className="control"
        id={id}
        name={texts.name}
        type={typed ? 'text' : type}
        inputMode={inputMode}
        autoComplete={autoComplete}
        autoCapitalize={type === 'text' || typed ? undefined : 'none'}
        spellCheck={false}
        placeholder={placeholder}
        defaultValue={type === 'password' ? '' : type === 'date' ? asWritten(value) : value}
        data-width={width}
        data-look={look}
        // biome-ignore lint/a11y/noAutofocus: only where the page is there for this one field.
        autoFocus={focused}
        aria-keyshortcuts={shortcut}
        list={list}
        {...typed}
        {...aria}
      />
    </FieldFrame>
  )
}

/** Returns a day as everybody in the city writes it; what is no day stays as it is. */
const asWritten = (value: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? value.split('-').reverse().join('/') : value

interface TextAreaProps extends FieldTexts {
  readonly rows?: number
  readonly after?: ReactNode
}

export function TextArea({ rows = 5, after, ...texts }: TextAreaProps) {
  const { id, value, aria } = useField(texts.name, texts.hint !== undefined)
  const ref = useTypedEarly(id)
  return (
    <FieldFrame {...texts} after={after}>
      <textarea
        className="control"
        ref={ref}
        id={id}
        name={texts.name}
        rows={rows}
        defaultValue={value}
        {...aria}
      />
    </FieldFrame>
  )
}

interface FileInputProps extends FieldTexts {
  readonly accept: string
  /** The words on the control while nothing is chosen; a browser's own are in the browser's language. */
  readonly pick: string
}

/** Renders a field for a small file that the page's own action reads; larger files go to a handler, by FileField. */
export function FileInput({ accept, pick, ...texts }: FileInputProps) {
  const { id, aria } = useField(texts.name, texts.hint !== undefined)
  const input = useRef<HTMLInputElement>(null)
  /** The name of the file; null until this script has run. */
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => {
    const form = input.current?.form
    const look = () => setChosen(input.current?.files?.[0]?.name ?? '')
    look()
    // A form says that it will be emptied before it is.
    const soon = () => setTimeout(look)
    form?.addEventListener('reset', soon)
    return () => form?.removeEventListener('reset', soon)
  }, [])
  return (
    <FieldFrame {...texts}>
      <FilePicker
        id={id}
        name={texts.name}
        accept={accept}
        input={input}
        onChange={({ currentTarget }) => setChosen(currentTarget.files?.[0]?.name ?? '')}
        aria={aria}
        words={chosen === null ? null : chosen || pick}
      />
    </FieldFrame>
  )
}

/** Renders a hidden field for a value that travels along: an id, which the server authorises again. */
export function HiddenField({ name, value }: { readonly name: string; readonly value: string }) {
  return <input type="hidden" name={name} value={value} />
}

const never = () => () => {}

/** Tells whether this render takes over what the server has drawn. */
const useHydrating = (): boolean =>
  useSyncExternalStore(
    never,
    () => false,
    () => true,
  )

/**
 * Keeps what a person typed into a textarea before the script had run: React puts the default back into one that has any
 * (`initTextarea` of react-dom 19) when it takes the page over. Returns the ref of the textarea with this id.
 */
function useTypedEarly(id: string): RefObject<HTMLTextAreaElement | null> {
  const hydrating = useHydrating()
  const [typed] = useState(() => {
    if (!hydrating || typeof document === 'undefined') return null
    const drawn = document.getElementById(id) as HTMLTextAreaElement | null
    return drawn?.value ?? null
  })
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (typed !== null && field.current) field.current.value = typed
  }, [typed])
  return field
}
