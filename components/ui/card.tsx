import type { ComponentProps, ReactNode } from 'react'
import type { Route } from '#messages/paths.ts'
import { Icon, type IconName } from './icon.tsx'
import { Link } from './link.tsx'

/** A framed part of a page. Takes any attribute of a `section`, marks for programs included. */
export function Card({ className = 'stack', ...rest }: ComponentProps<'section'>) {
  return <section className={`card ${className}`} {...rest} />
}

export interface DoorProps {
  readonly href: Route
  readonly title: string
  readonly icon?: IconName
  readonly children: ReactNode
}

/** A card that leads somewhere: its heading is the link, the whole card is the target. */
export function Door({ href, title, icon, children }: DoorProps) {
  return (
    <div className="card relative hover:border-teal focus-within:border-teal">
      <h3 className="mb-1">
        <Link href={href} className="flex items-center gap-2 no-underline after:absolute after:inset-0">
          {icon === undefined ? null : <Icon name={icon} />}
          {title}
        </Link>
      </h3>
      <p className="text-soft">{children}</p>
    </div>
  )
}
