import type { StaffActor } from '#lib/access/actor.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import type { Route } from '#messages/paths.ts'
import type { Pathname } from '#messages/routing.ts'

/** The sections of the staff pages in their order. `also` is a page of the section that is not below its address. */
const SECTIONS = [
  { key: 'cases', href: '/admin/cases', needs: 'case:read' },
  { key: 'unit', href: '/admin/cases/unit', needs: 'unit:supervise' },
  { key: 'late', href: '/admin/cases/late', needs: 'lateness:read' },
  { key: 'objections', href: '/admin/objections', needs: 'case:read' },
  { key: 'found', href: '/admin/found', also: '/admin/recovery', needs: 'found:manage' },
  { key: 'orders', href: '/admin/orders', needs: 'order:read' },
  { key: 'carriers', href: '/admin/carriers', needs: 'carrier:manage' },
  { key: 'receivers', href: '/admin/receivers', needs: 'carrier:manage' },
  { key: 'drills', href: '/admin/drills', needs: 'drill:run' },
  { key: 'survey', href: '/admin/survey', needs: 'survey:read' },
  { key: 'voices', href: '/admin/survey/comments', needs: 'voice:answer' },
  { key: 'accounts', href: '/admin/accounts', needs: 'account:manage' },
  { key: 'approvals', href: '/admin/approvals', needs: 'approval:decide' },
  { key: 'messages', href: '/admin/messages', needs: 'message:read' },
  { key: 'health', href: '/admin/health', needs: 'installation:read' },
  { key: 'audit', href: '/admin/audit', needs: 'audit:read' },
  { key: 'shop', href: '/admin/shop', needs: 'imei:check_list' },
] as const satisfies readonly { key: string; href: Pathname; also?: Pathname; needs: Permission }[]

/** The sections of the person's own menu. */
const OWN = [
  { key: 'account', href: '/admin/my-account' },
  { key: 'recovery', href: '/admin/recovery-codes' },
] as const

export interface MenuItem {
  readonly key: (typeof SECTIONS | typeof OWN)[number]['key'] | 'carrier'
  readonly href: Route
  readonly also?: Pathname
}

const ownCarrier = (carrier: string) =>
  ({ pathname: '/admin/carriers/[carrier]', params: { carrier } }) as const

/** Returns the links that a person may use: in the bar, and in their own menu. */
export function menuOf({ role, carrierId }: Pick<StaffActor, 'role' | 'carrierId'>): {
  readonly sections: readonly MenuItem[]
  readonly own: readonly MenuItem[]
} {
  const allowed = SECTIONS.filter(({ needs }) => may(role, needs))
  // The police bar must fit one line at 1280 px, so their approvals are in the bell and the menu only.
  const isOwn = ({ key }: MenuItem) => key === 'approvals' && may(role, 'case:read')
  return {
    sections: [
      // A carrier's staff see only their own carrier, so they have no list.
      ...(may(role, 'carrier:own') && carrierId !== null
        ? [{ key: 'carrier', href: ownCarrier(carrierId) } as const]
        : []),
      ...allowed.filter((one) => !isOwn(one)),
    ],
    own: [...allowed.filter(isOwn), ...OWN],
  }
}
