import type { ComponentProps, ReactNode } from 'react'
import type { Route } from '#messages/paths.ts'
import { Icon, type IconName } from './icon.tsx'
import { Link } from './link.tsx'

export function Card({ className = 'stack', ...rest }: ComponentProps<'section'>) {
  return <section className={`card ${className}`} {...rest} />
}

interface DoorProps {
  readonly href: Route
  readonly title: string
  readonly icon?: IconName
  /** The level of the heading: `h2` where its group has no heading above it. */
  readonly level?: 'h2' | 'h3'
  readonly children: ReactNode
}

/** Renders a card that is a link: the heading has the link, the whole card is clickable. */
export function Door({ href, title, icon, level: Heading = 'h3', children }: DoorProps) {
  return (
    <div className="card relative hover:border-teal focus-within:border-teal">
      <Heading className="mb-1 text-lg">
        <Link href={href} className="flex items-center gap-2 no-underline after:absolute after:inset-0">
          {icon === undefined ? null : <Icon name={icon} />}
          {title}
        </Link>
      </Heading>
      <p className="text-soft">{children}</p>
    </div>
  )
}
