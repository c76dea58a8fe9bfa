import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'ok' | 'wait' | 'bad' | 'neutral' | 'plain'

const looks = {
  ok: { icon: 'check', colours: 'bg-green-wash text-green-deep' },
  wait: { icon: 'clock', colours: 'bg-saffron-wash text-saffron-deep' },
  bad: { icon: 'alert', colours: 'bg-red-wash text-red-deep' },
  neutral: { icon: undefined, colours: 'bg-teal-wash text-teal-deep' },
  plain: { icon: undefined, colours: 'border border-line text-soft' },
} as const satisfies Record<Tone, { icon: IconName | undefined; colours: string }>

export interface TagProps {
  readonly tone?: Tone
  /** Replaces the tone's icon; null for none. */
  readonly icon?: IconName | null
  readonly children: ReactNode
}

/** Renders a state in a word or two. The words carry the meaning; colour and icon only help. */
export function Tag({ tone = 'neutral', icon, children }: TagProps) {
  const look = looks[tone]
  const shown = icon === undefined ? look.icon : (icon ?? undefined)
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-3 py-0.5 text-left text-sm font-semibold md:whitespace-nowrap ${look.colours}`}
    >
      {shown === undefined ? null : <Icon name={shown} size={15} />}
      {children}
    </span>
  )
}
