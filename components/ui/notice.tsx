import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

const looks = {
  info: { icon: 'info', colours: 'border-teal bg-teal-wash', mark: 'text-teal' },
  wait: { icon: 'alert', colours: 'border-saffron bg-saffron-wash', mark: 'text-saffron-deep' },
  ok: { icon: 'check', colours: 'border-green bg-green-wash', mark: 'text-green' },
  bad: { icon: 'ban', colours: 'border-red bg-red-wash', mark: 'text-red' },
} as const satisfies Record<string, { icon: IconName; colours: string; mark: string }>

/** Renders something to know before going on. Never the only place where an error is shown. */
export function Notice({
  tone = 'wait',
  title,
  children,
}: {
  /** `wait` asks for attention, `bad` is an error or refusal, `ok` is done, `info` explains. */
  readonly tone?: 'info' | 'wait' | 'ok' | 'bad'
  readonly title?: ReactNode
  readonly children?: ReactNode
}) {
  const { icon, colours, mark } = looks[tone]
  return (
    <div className={`flex gap-3 rounded-part border-l-4 px-4 py-3.5 ${colours}`}>
      <span className={`mt-1 ${mark}`}>
        <Icon name={icon} />
      </span>
      <div className="min-w-0 space-y-1">
        {title === undefined ? null : <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  )
}
