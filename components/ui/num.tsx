import { getTranslations } from 'next-intl/server'
import type { ComponentProps } from 'react'
import { CopyButton } from './copy-button.tsx'

type NumProps = Omit<ComponentProps<'span'>, 'children'> & {
  /** The plain value, for copying and for programs. */
  readonly value: string
  /** Sizes of the digit groups shown, such as `[2, 6, 6, 1]` for an IMEI; ungrouped by default. */
  readonly groups?: readonly number[]
  readonly copy?: boolean
}

export const imeiGroups = [2, 6, 6, 1] as const

function split(value: string, groups: readonly number[]): string {
  let rest = value
  const parts = groups.map((size) => {
    const part = rest.slice(0, size)
    rest = rest.slice(size)
    return part
  })
  return [...parts, rest].filter(Boolean).join(' ')
}

/** Renders a number that people copy or compare: tabular figures, in groups, with a button that copies it without spaces. */
export async function Num({ value, groups = [], copy = false, className = '', ...rest }: NumProps) {
  const t = await getTranslations('common')
  return (
    <span className={`inline-flex flex-wrap items-center gap-x-2 gap-y-1 ${className}`}>
      <span className="num" data-value={value} {...rest}>
        {split(value, groups)}
      </span>
      {copy ? <CopyButton value={value} label={t('copy')} done={t('copied')} /> : null}
    </span>
  )
}
