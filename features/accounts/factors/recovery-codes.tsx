'use client'
import { type ReactNode, useContext } from 'react'
import { FormContext } from '#components/form/form-context.ts'

export function RecoveryCodes({
  before,
  lead,
  after,
}: {
  readonly before: ReactNode
  readonly lead: ReactNode
  readonly after: ReactNode
}) {
  const codes = useContext(FormContext).result?.recoveryCodes?.split(' ')
  if (!codes) return before
  return (
    <div className="stack">
      {lead}
      <ol className="card grid grid-cols-1 gap-x-10 gap-y-2 min-[26rem]:grid-cols-2" data-recovery-codes>
        {codes.map((code, at) => (
          <li key={code} className="flex items-baseline gap-3">
            <span className="num w-6 text-right text-sm text-soft">{at + 1}</span>
            <code className="num text-lg tracking-wide whitespace-nowrap">{code}</code>
          </li>
        ))}
      </ol>
      {after}
    </div>
  )
}
