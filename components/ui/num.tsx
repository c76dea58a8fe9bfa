import { getTranslations } from 'next-intl/server'
import type { ComponentProps } from 'react'
import { formatImei } from '#lib/imei/imei.ts'
import { CopyButton } from './copy-button.tsx'

type NumProps = Omit<ComponentProps<'span'>, 'children'> & {
  /** The plain value, for copying and for programs. */
  readonly value: string
  /** Shown instead of the plain value, such as the same number in groups. */
  readonly shown?: string
  readonly copy?: boolean
}

/** Renders a number that people copy or compare, with a button that copies it without spaces. */
export async function Num({ value, shown = value, copy = false, className = '', ...rest }: NumProps) {
  const t = await getTranslations('common')
  return (
    <span className={`inline-flex flex-wrap items-center gap-x-2 gap-y-1 ${className}`}>
      <span className="num" data-value={value} {...rest}>
        {shown}
      </span>
      {copy ? <CopyButton value={value} label={t('copy')} done={t('copied')} /> : null}
    </span>
  )
}

/** Renders an IMEI in groups, in figures of one width: two numbers one above the other line up digit by digit. */
export const Imei = ({ className = '', ...rest }: Omit<NumProps, 'shown'>) => (
  <Num {...rest} shown={formatImei(rest.value)} className={`font-tabular ${className}`} />
)
