/** Everybody who signs in (docs/rules.md, "People"). */
export const STAFF_ROLES = [
  'officer',
  'supervisor',
  'city_police',
  'relay',
  'carrier',
  'survey_manager',
  'agency_viewer',
  'auditor',
  'admin',
  'shop',
] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

export const PERMISSIONS = [
  'case:read',
  'case:disclose',
  'case:decide',
  'case:approve',
  'case:reassign',
  'unit:supervise',
  'case:resolve_conflict',
  'case:file_at_desk',
  'case:decide_data',
  'case:hold_data',
  'case:import_records',
  'lateness:read',
  'lateness:answer',
  'found:manage',
  'order:read',
  'order:retry',
  'order:exempt',
  'letter:manage',
  'order:release',
  'carrier:manage',
  'carrier:attend',
  'carrier:own',
  'drill:run',
  'account:manage',
  'approval:decide',
  'audit:read',
  'alert:acknowledge',
  'message:read',
  'message:retry',
  'survey:read',
  'survey:manage',
  'voice:read',
  'voice:answer',
  'voice:moderate',
  'imei:check_list',
] as const
export type Permission = (typeof PERMISSIONS)[number]

const POLICE: readonly Permission[] = [
  'case:read',
  'case:disclose',
  'case:decide',
  'case:file_at_desk',
  'case:import_records',
  'found:manage',
]

/** The one policy: what each role may do. A role that is missing a line may not do it. */
export const POLICY: Readonly<Record<StaffRole, readonly Permission[]>> = {
  officer: POLICE,
  supervisor: [
    ...POLICE,
    'lateness:read',
    'case:approve',
    'case:reassign',
    'unit:supervise',
    'case:decide_data',
    'approval:decide',
  ],
  city_police: [
    ...POLICE,
    'lateness:read',
    'lateness:answer',
    'case:approve',
    'case:reassign',
    'unit:supervise',
    'case:resolve_conflict',
    'case:decide_data',
    'case:hold_data',
    'approval:decide',
  ],
  relay: [
    'order:read',
    'order:retry',
    'order:exempt',
    'letter:manage',
    'order:release',
    'carrier:manage',
    'carrier:attend',
    'drill:run',
    'approval:decide',
  ],
  carrier: ['carrier:attend', 'carrier:own', 'drill:run', 'approval:decide'],
  survey_manager: ['survey:read', 'survey:manage', 'voice:read', 'voice:moderate', 'approval:decide'],
  agency_viewer: ['voice:read', 'voice:answer'],
  auditor: ['audit:read', 'lateness:read', 'alert:acknowledge', 'message:read', 'survey:read'],
  // An admin can neither verify nor approve a case, nor read one.
  admin: ['account:manage', 'approval:decide', 'message:read', 'message:retry'],
  // A shop is not staff of the City: it reads what anybody reads, for many phones at once.
  shop: ['imei:check_list'],
}

export const may = (role: StaffRole, permission: Permission): boolean => POLICY[role].includes(permission)
