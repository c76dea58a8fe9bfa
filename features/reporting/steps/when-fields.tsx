'use client'
import { Radios, type RadiosProps } from '#components/form/choices.tsx'
import { FieldFrame } from '#components/form/field-frame.tsx'
import { useField } from '#components/form/form-context.ts'

interface WhenFieldsProps {
  readonly label: string
  readonly options: RadiosProps['options']
  readonly time: string
  readonly at: string
  readonly atHint: string
}

/**
 * Asks when it happened: a named day and a time of day, or a typed day and time. CSS shows the right control for the choice,
 * without a script. The typed day uses the local format, not the browser's.
 */
export function WhenFields({ label, options, time, at, atHint }: WhenFieldsProps) {
  return (
    <div className="when stack">
      <Radios name="incidentWhen" label={label} options={options} row />
      <div className="when-time">
        <Control name="incidentTime" label={time} type="time" width="short" />
      </div>
      <div className="when-at">
        <Control name="incidentAt" label={at} hint={atHint} type="text" width="medium" />
      </div>
    </div>
  )
}

interface ControlProps {
  readonly name: 'incidentTime' | 'incidentAt'
  readonly label: string
  readonly hint?: string
  readonly type: 'time' | 'text'
  readonly width: 'short' | 'medium'
}

function Control({ name, label, hint, type, width }: ControlProps) {
  const { id, value, aria } = useField(name, hint !== undefined)
  return (
    <FieldFrame name={name} label={label} {...(hint !== undefined && { hint })}>
      <input
        className="control"
        id={id}
        name={name}
        type={type}
        autoComplete="off"
        defaultValue={value}
        data-width={width}
        {...aria}
      />
    </FieldFrame>
  )
}
