import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Link, type LinkProps } from './link.tsx'

interface Looks {
  /** At most one `primary` per page; `danger` for acts that are hard to undo; `plain` looks like a link. */
  readonly look?: 'primary' | 'quiet' | 'danger' | 'plain'
  readonly size?: 'normal' | 'small'
  readonly icon?: IconName
  readonly children: ReactNode
}

const shown = (icon: IconName | undefined, children: ReactNode) => (
  <>
    {icon === undefined ? null : <Icon name={icon} />}
    {children}
  </>
)

/** Renders a button outside the form kit; inside ActionForm use SubmitButton. */
export function Button({
  look = 'primary',
  size = 'normal',
  icon,
  children,
  type = 'submit',
  ...rest
}: Looks & Omit<ComponentProps<'button'>, 'children'>) {
  return (
    <button {...rest} type={type} className="button" data-look={look} data-size={size}>
      {shown(icon, children)}
    </button>
  )
}

export function ButtonLink({
  look = 'primary',
  size = 'normal',
  icon,
  children,
  ...rest
}: Looks & Omit<LinkProps, 'children'>) {
  return (
    <Link {...rest} className="button" data-look={look} data-size={size}>
      {shown(icon, children)}
    </Link>
  )
}
