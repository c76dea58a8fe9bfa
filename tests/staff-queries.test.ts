import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Queries that staff's pages share with everybody: what they read is public, or was reached by their reader before. */
const ASK_NOBODY = new Set([
  // Names, lists and settings that are printed on public pages.
  ...[
    'listAgencies',
    'listKnownAgencies',
    'relayCarrierName',
    'carrierNames',
    'allUnits',
    'knownAreas',
    'policeAreas',
    'retention',
    'findLastSealed',
    'readSealedHead',
  ],
  ...['findSealingTrouble', 'listShownBreaks'],
  ...['listReplies', 'findFirstReportMonth', 'listReportedPlaces', 'readQuestionWords'],
  // By what its reader was handed by a query that asked.
  'getAccountWaitHours',
  'nameRelease',
  'holidaysAhead',
  'areAlertsOn',
  'isRecoveryOn',
  'receiverName',
  ...[
    'objectionsDeletedAt',
    'letterIsVoid',
    'letterLines',
    'signKioskToken',
    'makePairingCode',
    'differences',
    'dataStanding',
    'readPhones',
    'namesOf',
    'peopleOf',
  ],
])

const READER = /^[^:]*: (?:Actor|StaffActor|StaffReader|\w+Scope)\b/

/** Lists what the pages of the admin section import of the queries, and where each is. */
function queriesOfStaff(): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync('app/[locale]/admin', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue
    const text = readFileSync(`app/[locale]/admin/${name}`, 'utf8')
    for (const [, names = '', from = ''] of text.matchAll(
      /^import \{([^}]*)\} from '#(features\/[\w-]+\/(?:queries[\w/-]*|(?:[\w-]+\/)?(?:[\w-]+-)?data)\.ts)'/gm,
    ))
      for (const one of names.split(',').map((each) => each.trim()))
        if (/^[a-z]/.test(one) && !one.startsWith('type ')) found.set(one, from)
  }
  return found
}

test('every query of a staff page is told who reads, or is known to read what everybody may', () => {
  const silent = [...queriesOfStaff()].filter(([name, from]) => {
    const source = readFileSync(from, 'utf8')
    const [, parameters = ''] =
      new RegExp(`export (?:async )?(?:function ${name}|const ${name} = (?:async )?)\\(\\s*([^)]*)`).exec(
        source,
      ) ?? []
    return !READER.test(parameters)
  })
  expect(silent.map(([name]) => name).toSorted()).toEqual([...ASK_NOBODY].toSorted())
})
