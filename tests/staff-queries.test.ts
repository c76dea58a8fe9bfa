import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Queries that take no reader, because they read public data, or data that an earlier query gave to this reader. */
const ASK_NOBODY = new Set([
  // Names, lists and settings that public pages show.
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
  // They read settings, or use what an earlier query that checked the reader has returned.
  'getAccountWaitHours',
  'nameRelease',
  'holidaysAhead',
  'areAlertsOn',
  'isRecoveryOn',
  ...['receiverName', 'openReceivers'],
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

/** Returns the queries that the pages of the admin section import, with their files. */
function queriesOfStaff(): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync('app/[locale]/admin', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue
    const text = readFileSync(`app/[locale]/admin/${name}`, 'utf8')
    for (const [, names = '', from = ''] of text.matchAll(
      /^import \{([^}]*)\} from '#(features\/[\w-]+\/(?:[\w-]+\/)?(?:[\w-]+-)?data\.ts)'/gm,
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
