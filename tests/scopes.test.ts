import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const sources = ['app', 'components', 'features', 'http', 'lib', 'platform']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

/** The files that may read every case, with the reason. A new file needs a reason that is as good. */
const SYSTEM: Readonly<Record<string, string>> = {
  'features/areas/acts.ts': 'whose work each unit does is renewed for all units',
  'features/cases/citizen/acts.ts':
    'the consent that carriers are asked is written beside what the exchange asks of it',
  'features/cases/clocks/acts.ts': 'what is due ends in every district',
  'features/cases/conflict/acts.ts': 'a conflict holds the other cases, wherever they lie',
  'features/cases/deciders/acts.ts':
    'a job: whether somebody may still decide each case; an admin lends somebody to one, and learns nothing of it but its number',
  'features/cases/deciders/data.ts':
    'who had a part in claims of any district on a phone, as names of colleagues',
  'features/cases/edition/acts.ts': 'open cases of every unit follow the edition in force',
  'features/cases/work/data.ts': 'a job: figures of staff past their time go, of every unit',
  'features/cases/found/acts.ts':
    'whose a found phone is, in any district; it is handed over where it lies, to the person of any district’s case; a job: owners are told where to come',
  'features/cases/claims/acts.ts': 'which case blocks a phone, of which its holder learns nothing',
  'features/cases/imeis/acts.ts':
    'a job: carriers are asked for cases of any district; whether another case has the phone',
  'features/cases/imports/acts.ts': 'a job: whether a record is a case of any district',
  'features/cases/moves/acts.ts': 'another district’s case is free again, or takes the block over',
  'features/cases/moves/facts-acts.ts':
    'whether another district’s claim is proven, or was judged by the same person',
  'features/cases/keys/acts.ts': 'every key is wrapped anew',
  'features/cases/settling/acts.ts': 'a job: the last carrier has answered',
  'features/cases/staffing/acts.ts': 'the cases of an officer who leaves return to the queue',
  'features/cases/queue/acts.ts': 'what claims of other districts on a phone mean for the next case',
  'features/cases/messages/acts.ts': 'a job: a file of any case had a virus',
  'features/cases/moves/write-acts.ts':
    'an earlier case, or a found phone, of an IMEI that is set; by what a person is found',
  'features/cases/questions/acts.ts': 'a job: carriers are asked whose a number is',
  'features/cases/false-finds/jobs.ts': 'warns the persons of all cases that are due',
  'features/cases/file/page-data.ts':
    'what of other districts on the phone bears on who decides, as yes or no',
  'features/cases/proof/data.ts':
    'how soon after opening decisions came, as counts; the unit is settled from the reader before',
  'features/cases/imports/data.ts': 'whether a record of a file is a case of any district',
  'features/cases/record/page-data.ts': 'the auditor compares any case with the log, and sees nothing of it',
  'features/cases/file/data.ts': 'the same phone or contact elsewhere, without its file',
  'features/cases/record/data.ts': 'on which numbers another district’s case has the claim',
  'features/cases/citizen/data.ts':
    'what a secret is compared with; the number of the earlier case; whether the person of a case that is over has reported its phone anew',
  'features/cases/found/data.ts': 'the number of the case beside a found phone; whom the claim has gone to',
  'features/evidence/readings/acts.ts': 'jobs: what a machine reads in files of any case',
  'features/evidence/scans/acts.ts': 'jobs: what a virus scanner says of a file of any case',
  'features/evidence/jobs.ts': 'jobs: copies of pictures, files that belong to nothing',
  'features/evidence/files/page-data.ts': 'the same file elsewhere',
  'features/lateness/data.ts':
    'the worst delay of the city, how many complaints wait, and what the inspectorate is told of: numbers and times',
  'features/lateness/jobs.ts': 'a job: deadlines that passed in any district',
  'features/tasks/data.ts':
    'what waits for several people, read once; each has the units of their own account in the statement',
  'features/alerts/receivers/data.ts': 'counts of alerts and their answers, of no case and no person',
  'features/alerts/alerts/data.ts': 'a job: cases whose alerts wait',
  'features/alerts/alerts/acts.ts': 'a receiver reads its own alerts, of every case, and answers them',
  'features/alerts/alerts/jobs.ts': 'a job: a receiver is pushed its own alerts, of every case',
  'features/recovery/acts.ts': 'a holder has a code and no case; a phone is handed in at any post',
  'features/recovery/jobs.ts': 'a job: a phone was seen',
  'features/recovery/leads-acts.ts':
    'a shop’s check opens a lead at the case, of any district; a look is of the reader’s own cases',
  'features/recovery/data.ts':
    'whether a text that somebody received is ours; the receipt of a phone that was handed in at any post',
  'features/exchange/sightings/acts.ts':
    'a carrier tells what it sees of the phones on its own list, of any district',
  'features/exchange/questions/acts.ts': 'a carrier reads its own questions, of every case, and answers them',
  'features/exchange/flags/jobs.ts': 'a job: questions past their time are closed, of every case',
  'features/exchange/releases/data.ts': 'which police areas the orders of a release come from',
  'features/exchange/shared-words/acts.ts':
    'what a carrier says of IMEIs of any district, and what the relay decides on it',
  'features/exchange/shared-words/data.ts': 'names to the relay the cases whose words wait',
  'features/exchange/order-lists/data.ts':
    'the relay looks for the orders of any case by a part of its number',
  'features/exchange/relay/data.ts': 'the number of the case beside an order',
  'features/health/figures-data.ts':
    'counts for the programs that watch the machines: of no unit, no case, no person',
  'features/statistics/jobs.ts': 'the public figures count everything',
  'features/cases/stream/data.ts':
    'whether its reader judged another district’s claim on a phone, as yes or no',
  'features/citizens/data.ts': 'a job: whose list is empty is forgotten',
  'features/disputes/sides/acts.ts': 'a job: the end of a review reaches its holders',
  'features/disputes/jobs.ts': 'a job: reviews whose own job was lost',
  'features/disputes/drafts/acts.ts': 'it reaches the case that blocks the phone, wherever that lies',
  'features/disputes/drafts/data.ts': 'drafts and receipts are of no district, and found by their cookie',
  'features/disputes/objections/acts.ts':
    'a renewed objection reaches the case that blocks the phone, and its end the case; jobs: a file had a virus, an answer is late',
  'features/disputes/objections/data.ts': 'what a secret is compared with',
  'features/disputes/objections/desk-acts.ts': 'a phone is shown in any district',
  'features/disputes/objections/settle-acts.ts':
    'jobs: a block has ended, an answer’s time is up, what was decided long ago goes',
  'features/disputes/objections/view-data.ts':
    'what carriers have done of the unblock that a holder brought about',
  'features/installation/acts.ts':
    'looks whether its keys open what the database has, in one row of each version',
  'features/installation/data.ts':
    'looks whether there is evidence, and whether stored files are of it, by ids alone',
  'features/retention/acts.ts': 'a restored copy: what was erased is erased again, in any district',
  'features/retention/data.ts': 'finds that for it',
  'features/notices/acts.ts': 'a gateway reports what became of messages, by their ids',
  'features/notices/jobs.ts': 'a job: the message goes out',
  'features/notices/message-codes/data.ts': 'a message is found by its code alone, of whatever case',
  'features/notices/data.ts':
    'how many messages wait, for health; the newest code of one draft is read in its own scope',
  'features/push/data.ts':
    'devices are named by a push service, or by a browser’s cookie; those of a list of phones are of no district',
  'features/phones/registrants/data.ts':
    'registered phones are of no district; each function takes whose they are, or works for a job or a case in scope',
  'features/privacy/erasure/acts.ts': 'a job: finds what was granted or is past its time, and erases it',
  'features/reporting/sending/acts.ts': 'the case does not exist yet',
  'features/drafts/data.ts': 'drafts are of no district, and found by their cookie, code or number',
  'features/reporting/drafts/data.ts': 'drafts are of no district; receipts are found by their cookie',
  'features/check/watches/data.ts':
    'people who wait for the answer about a phone are of no district, and found by their contact',
  'features/ratings/invitations/data.ts':
    'cases of which people are drawn and invited are of no district, and answered by a link alone',
  'features/case-sessions/data.ts': 'a visit is found by its token, before there is a scope',
}

test('who takes the scope of the product itself is known', () => {
  const takers = sources.filter(({ text }) => /\bsystemScope\(/.test(text)).map(({ path }) => path)
  expect(takers.toSorted()).toEqual(Object.keys(SYSTEM).toSorted())
})

test('no query on guarded rows is merged with another request’s', () => {
  // Prisma batches findUnique calls, and transactions given as a list, and sends the whole batch in the scope
  // of the first caller.
  const merged =
    /\.(case|caseKey|caseImei|caseEvent|blindIndex|consent|evidence|evidenceReading|notice|carrierQuestion|reportDraft|carrierOrder|dataRequest|legalHold|foundPhone|disclosure|identityCase|objection|objectionEvent|registrant|registrantContact|registeredPhone|registeredImei|trustedPerson|phoneWarning|phoneCertificate|phoneHandover|checkWatch|alertConsent|bankAlert|pushDevice|sighting|shopLead|surveyInvitation)\s*\.findUnique/
  const gathered = sources.filter(({ text }) => merged.test(text)).map(({ path }) => path)
  expect(gathered).toEqual([])
  expect(sources.filter(({ text }) => /\$transaction\(\[/.test(text)).map(({ path }) => path)).toEqual([])
})
