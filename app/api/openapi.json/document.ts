import { CITY } from '#cities/city.ts'
import { ALERTS_PATHS } from './alerts.ts'
import { ARCHIVE_PATHS } from './archive.ts'
import { AUDIT_PATHS } from './audit.ts'
import { BOOK_PATHS } from './carrier-book.ts'
import { CARRIER_FILES_PATHS } from './carrier-files.ts'
import { RECONCILIATION_PATHS } from './carrier-lists.ts'
import { QUESTIONS_PATHS } from './carrier-questions.ts'
import { FIGURES_PATHS } from './figures.ts'
import { ONE_STOP_PATHS } from './one-stop.ts'
import { PUBLIC_PATHS } from './public.ts'
import { described } from './schemas.ts'
import { SURVEY_PATHS } from './survey.ts'
import { WEBHOOKS } from './webhooks.ts'

const { operations, schemas } = described({
  paths: {
    ...BOOK_PATHS,
    ...QUESTIONS_PATHS,
    ...RECONCILIATION_PATHS,
    ...CARRIER_FILES_PATHS,
    ...ALERTS_PATHS,
    ...ONE_STOP_PATHS,
    ...PUBLIC_PATHS,
    ...SURVEY_PATHS,
    ...FIGURES_PATHS,
    ...ARCHIVE_PATHS,
    ...AUDIT_PATHS,
  },
  webhooks: WEBHOOKS,
})

/** The whole programming interface of this site, as OpenAPI 3.1. */
export const DOCUMENT = {
  openapi: '3.1.1',
  info: {
    title: 'An Tâm',
    version: '1.0.0',
    summary: `Blocking stolen phones and rating public services in ${CITY.name.en}`,
    description: 'Errors are RFC 9457 `application/problem+json`. Times are ISO 8601 with an offset.',
    contact: { name: `An Tâm, ${CITY.name.en}` },
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  tags: [
    {
      name: 'carrier',
      description:
        'For mobile carriers: the orders of their book, and what they did. Lines are read (`changes`), or pushed to an address of the carrier’s (webhooks), as it chooses. `npm run carriers` is a reference client, `npm run conformance` tries yours out.',
    },
    {
      name: 'alerts',
      description:
        'For banks and wallets: which of their customers’ phones are lost, where the person agreed. Alerts are read (`changes`), or pushed to an address of the receiver’s (webhooks), as it chooses. `tools/carriers/receiver.ts` is a reference client.',
    },
    {
      name: 'one-stop',
      description:
        'For the city’s one-stop system: cases that agencies have finished, signed as Standard Webhooks say, with a secret that was agreed.',
    },
    { name: 'public', description: 'For anybody.' },
  ],
  security: [],
  ...operations,
  components: {
    schemas,
    securitySchemes: {
      carrierKey: { type: 'http', scheme: 'bearer', description: 'The API key of one carrier.' },
      receiverKey: { type: 'http', scheme: 'bearer', description: 'The API key of one bank or wallet.' },
      oneStopSignature: {
        ...{ type: 'apiKey', in: 'header', name: 'webhook-signature' },
        description: 'Id, time and body, signed with the one-stop system’s secret.',
      },
    },
  },
}
