import type { ChangeEventHandler, RefObject } from 'react'
import type { useField } from './form-context.ts'

interface FilePickerProps {
  readonly id: string
  readonly name: string
  readonly accept: string
  readonly multiple?: boolean
  readonly input: RefObject<HTMLInputElement | null>
  readonly onChange: ChangeEventHandler<HTMLInputElement>
  readonly aria: ReturnType<typeof useField>['aria']
  /** Label of the control; null until a script runs, as the browser has its own label. */
  readonly words: string | null
}

/** Renders the browser's file input with the page's words on top, for sighted users only. */
export const FilePicker = ({ input, multiple = false, aria, words, ...file }: FilePickerProps) => (
  <div className="file-picker" data-live={words === null ? undefined : true}>
    <input className="control" type="file" multiple={multiple} ref={input} {...file} {...aria} />
    {words === null ? null : (
      <span className="file-pick" aria-hidden="true">
        {words}
      </span>
    )}
  </div>
)
