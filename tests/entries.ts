import { readdirSync, readFileSync } from 'node:fs'
import type { Access } from '#lib/access/access.ts'

const DRAFT = 'holder of a draft’s cookie'
const VISIT = 'holder of a case’s cookie'
const CITIZEN = 'holder of a citizen’s session'
const WATCH = 'holder of a watch’s cookie'
const BEGUN = 'holder of the cookie of an objection’s draft'
const PHONES = 'holder of a list of phones’ cookie'

/** Returns the path of a file of `app` without the language, the groups and the file name. */
export const placeOf = (file: string): string =>
  file
    .replace(/^app(\/\[locale\])?/, '')
    .replaceAll(/\/\([^)]*\)/g, '')
    .replace(/(\/(page|route|actions))?(\.tsx?)?$/, '')

export const sourcesOfApp = (): readonly (readonly [string, string])[] =>
  readdirSync('app', { recursive: true, encoding: 'utf8' })
    .map((name) => `app/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .toSorted()
    .map((path) => [path, readFileSync(path, 'utf8')])

/** Reads the exported access of a page or handler. TypeScript has checked its words (`satisfies`). */
function accessOf(path: string, text: string): readonly Access[] {
  const [, said] =
    /^export const access = ([^=]+?) (?:as const )?satisfies (?:readonly )?Access\b/m.exec(text) ?? []
  if (said === undefined) throw new Error(`${path} does not say who may come in: export const access`)
  return [...said.matchAll(/'([^']+)'/g)].map(([, one]) => one as Access)
}

/** The access of every page, by its folder under `app/[locale]`. */
export const PAGES: Readonly<Record<string, Access>> = Object.fromEntries(
  sourcesOfApp()
    .filter(([path]) => path.endsWith('/page.tsx'))
    .map(([path, text]) => [placeOf(path) || '/', accessOf(path, text)[0] as Access]),
)

/** The access of every method of a route handler. Methods that are not listed here are refused. */
export const HANDLERS: Readonly<Record<string, readonly Access[]>> = Object.fromEntries(
  sourcesOfApp()
    .filter(([path]) => /\/route\.tsx?$/.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/^export (?:const|(?:async )?function) ([A-Z]+)\b/gm)].map(([, method]) => [
        `${method} ${placeOf(path)}`,
        accessOf(path, text),
      ]),
    ),
)

/** Returns the text of a constant, from its name to its closing bracket. */
const constantOf = (text: string, name: string): string =>
  new RegExp(`^(?:export )?const ${name} = (?:.*\\}.*$|[\\s\\S]*?^[})])`, 'm').exec(text)?.[0] ?? ''

/**
 * The forms of acts, with the file and name of each act. The access comes from the act, or from a constant that acts of
 * its subject share. tests/permissions.test.ts compares it with the acts themselves, which only the server can load.
 */
export const FORMS: Readonly<
  Record<string, { readonly file: string; readonly act: string; readonly access: Access }>
> = Object.fromEntries(
  sourcesOfApp()
    .filter(([, text]) => /^'use server'/.test(text))
    .flatMap(([path, text]) =>
      [...text.matchAll(/^export const (\w+) = staffForm\(\s*(\w+)/gm)].map(([, form, act = '']) => {
        const [, file] =
          new RegExp(`^import \\{[^}]*\\b${act}\\b[^}]*\\} from '#([^']+)'`, 'm').exec(text) ?? []
        const acts = readFileSync(file ?? path, 'utf8')
        const own = constantOf(acts, act)
        const [, shared = ''] = /^ {2}\.\.\.(\w+),/m.exec(own) ?? []
        const [, access] = /\bpermission: '([^']+)'/.exec(own + constantOf(acts, shared)) ?? []
        if (!file || !access) throw new Error(`${path}: ${form} is not the form of an act with a permission`)
        return [`${placeOf(path).slice(1)} ${form}`, { file, act, access: access as Access }] as const
      }),
    ),
)

/**
 * The access of every action, by the folder of its `actions.ts` under `app/[locale]` and its name. A file of
 * actions exports nothing else. Forms of acts are added from `FORMS`.
 */
export const ACTIONS: Readonly<Record<string, Access>> = {
  ...Object.fromEntries(Object.entries(FORMS).map(([form, { access }]) => [form, access])),
  'admin signOutAction': 'anybody',
  'admin/approvals confirmApprovalAction': 'approval:decide',
  'admin/approvals refuseApprovalAction': 'approval:decide',
  'admin/approvals withdrawApprovalAction': 'approval:decide',
  'admin/messages retryMessagesAction': 'message:retry',
  'admin/my-account changePasswordAction': 'signed in',
  'admin/my-account endOwnAbsenceAction': 'signed in',
  'admin/my-account markOwnAbsenceAction': 'signed in',
  'admin/my-account/passkey-actions addPasskeyAction': 'signed in',
  'admin/my-account/passkey-actions removePasskeyAction': 'signed in',
  'admin/my-account endOthersAction': 'signed in',
  'admin/my-account endSessionAction': 'signed in',
  'admin/my-account setDensityAction': 'signed in',
  'admin/my-account setKeysAction': 'signed in',
  'admin/my-account setMailAction': 'signed in',
  'admin/audit listStepUpAction': 'audit:read',
  'admin/audit/cases/[number] storyStepUpAction': 'audit:read',
  'admin/carriers/[carrier] considerKeyAction': 'carrier:attend',
  'admin/cases bulkAction': 'case:decide',
  'admin/cases dropViewAction': 'case:read',
  'admin/cases keepViewAction': 'case:read',
  'admin/cases searchAction': 'case:read',
  'admin/cases takeNextAction': 'case:decide',
  'admin/cases/[number] allowAlertsAction': 'case:decide',
  'admin/cases/[number] decideAction': 'case:decide',
  'admin/cases/[number] deskAction': 'case:decide',
  'admin/cases/[number] discloseAction': 'case:disclose',
  'admin/cases/[number]/contact-actions askContactAction': 'case:decide',
  'admin/cases/[number]/contact-actions confirmContactAction': 'case:decide',
  'admin/cases/[number]/data-actions answerDataAction': 'case:decide_data',
  'admin/cases/[number]/data-actions legalHoldAction': 'case:hold_data',
  'admin/cases/import confirmImportAction': 'case:import_records',
  'admin/cases/import importStepUpAction': 'case:import_records',
  'admin/cases/new startDeskReportAction': 'case:file_at_desk',
  'admin/cases/unit boardStepUpAction': 'unit:supervise',
  'admin/cases/unit endAbsenceAction': 'unit:supervise',
  'admin/cases/unit markAbsentAction': 'unit:supervise',
  'admin/cases/unit shareOutAction': 'unit:supervise',
  'admin/recovery callHolderAction': 'case:decide',
  'admin/recovery noteLookAction': 'case:decide',
  'admin/found addFoundAction': 'found:manage',
  'admin/objections searchObjectionsAction': 'case:read',
  'admin/objections/[objection] decideAction': 'case:decide',
  'admin/objections/[objection] discloseAction': 'case:disclose',
  'admin/orders/search-actions findOrdersAction': 'order:read',
  'admin/carriers/[carrier]/orders findOwnOrdersAction': 'carrier:attend',
  'admin/orders/bulk askExemptionsAction': 'order:exempt',
  'admin/orders/bulk confirmExemptionsAction': 'order:exempt',
  'admin/orders/bulk retryOrdersAction': 'order:retry',
  'admin/orders/letters answerLetterAction': 'letter:manage',
  'admin/recovery-codes renewRecoveryCodesAction': 'signed in',
  'admin/shop checkListAction': 'imei:check_list',
  'admin/survey/agencies decideAction': 'survey:manage',
  'admin/survey/agencies previewAction': 'survey:manage',
  'admin/survey/agencies withdrawAction': 'survey:manage',
  'admin/survey/volumes importBenchmarksAction': 'survey:manage',
  'admin/survey/invitations importCasesAction': 'survey:manage',
  'admin/survey/volumes importVolumesAction': 'survey:manage',
  'admin/survey/export stepUpAction': 'survey:manage',
  'admin/survey/kiosks awaitKioskDeviceAction': 'survey:manage',
  'admin/survey/kiosks revokeKioskAction': 'survey:manage',
  'admin/survey/questionnaires previewAction': 'survey:read',
  'admin/survey/report publishAction': 'survey:manage',
  'admin/survey/report redrawAction': 'survey:manage',
  'admin/survey/report retryAction': 'survey:manage',
  'blocked/follow chooseObjectionAction': 'anybody',
  'blocked/follow complainLateAction': 'holder of an objection’s cookie',
  'blocked/follow followAction': 'anybody',
  'blocked/follow followContactAction': 'anybody',
  'blocked/object holderAction': BEGUN,
  'blocked/object holderCodeAction': BEGUN,
  'blocked/object newWordAction': BEGUN,
  'blocked/object phoneAction': 'anybody',
  'blocked/object removeProofAction': BEGUN,
  'blocked/object resumeObjectionAction': 'anybody',
  'blocked/object sendAction': BEGUN,
  'certificate acceptPhoneAction': PHONES,
  'certificate checkCertificateAction': 'anybody',
  'check beginWatchAction': 'anybody',
  'check checkAction': 'anybody',
  'check/watch askWatchAction': 'anybody',
  'check/watch confirmWatchAction': WATCH,
  'check/watch endWatchAction': WATCH,
  'hand-in choosePostAction': 'anybody',
  'hand-in openCodeAction': 'anybody',
  'my-phones askCarrierAction': PHONES,
  'my-phones askTrustedAction': PHONES,
  'my-phones beginPhoneAction': PHONES,
  'my-phones certifyAction': PHONES,
  'my-phones chooseDeviceAction': PHONES,
  'my-phones confirmTrustedAction': PHONES,
  'my-phones contestReportAction': PHONES,
  'my-phones dropContactAction': PHONES,
  'my-phones endTrustedAction': PHONES,
  'my-phones forgetPhonesAction': PHONES,
  'my-phones handOverAction': PHONES,
  'my-phones keepPhoneAction': PHONES,
  'my-phones leavePhonesAction': 'anybody',
  'my-phones openPhonesAction': 'anybody',
  'my-phones refuseBuyerAction': PHONES,
  'my-phones registerPhoneAction': PHONES,
  'my-phones removePaperAction': PHONES,
  'my-phones removePhoneAction': PHONES,
  'my-phones reportPhoneAction': PHONES,
  'my-phones secondContactAction': PHONES,
  'my-phones stopDevicesAction': PHONES,
  'my-phones undoReportAction': PHONES,
  'rate rateAction': 'anybody',
  'rehearsal beginRehearsalAction': 'anybody',
  'rehearsal endRehearsalAction': 'anybody',
  'rehearsal rehearseCodeAction': 'anybody',
  'rehearsal rehearseContactAction': 'anybody',
  'rehearsal rehearseIncidentAction': 'anybody',
  'rehearsal rehearsePersonAction': 'anybody',
  'rehearsal rehearsePhoneAction': 'anybody',
  'rehearsal rehearseReviewAction': 'anybody',
  'rehearsal rehearseStepAction': 'anybody',
  'report anotherPhoneAction': 'holder of a receipt’s cookie',
  'report chooseDraftAction': 'anybody',
  'report codeAction': DRAFT,
  'report contactAction': DRAFT,
  'report incidentAction': 'anybody',
  'report personAction': DRAFT,
  'report phoneAction': DRAFT,
  'report resumeAction': 'anybody',
  'report reviewAction': DRAFT,
  'report/evidence removeEvidenceAction': DRAFT,
  'report-for acceptTrustAction': 'anybody',
  'report-for enterHelpingAction': 'anybody',
  'report-for leaveHelpingAction': 'anybody',
  'report-for leaveTrustAction': 'anybody',
  'report-for reportForAction': 'anybody',
  'sign-in/invitation acceptInvitationAction': 'holder of an invitation',
  'track openCase': 'anybody',
  'track openCaseStatus': 'anybody',
  'track sendCode': 'anybody',
  'track/[number] giveSharingAction': VISIT,
  'track/[number] complainLateAction': VISIT,
  'track/[number] chooseDeviceAction': VISIT,
  'track/[number] confirmContactAction': VISIT,
  'track/[number] dropContactAction': VISIT,
  'track/[number] keepContactsAction': VISIT,
  'track/[number] newContactAction': VISIT,
  'track/[number] stopDevicesAction': VISIT,
  'track/[number] takeOffAction': VISIT,
  'track/[number] withdrawSharingAction': VISIT,
  'track/mine addAction': CITIZEN,
  'track/mine forgetAction': CITIZEN,
  'track/mine letGoAction': CITIZEN,
  'track/mine openAction': CITIZEN,
  'verify verifyAction': 'anybody',
  'verify verifyMessageAction': 'anybody',
  'verify verifyProofAction': 'anybody',
}
