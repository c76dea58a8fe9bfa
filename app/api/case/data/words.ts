import { getTranslations } from 'next-intl/server'
import { type CaseState, namedState } from '#features/cases/record/state-rules.ts'
import { isEndOfWatch } from '#features/cases/timeline/rules.ts'
import type { PersonalData } from '#features/privacy/export/rules.ts'
import type { PersonalDataWords } from '#features/privacy/paper/personal-data.ts'
import { type OwnIn, rowsOf } from '#features/reporting/fields/rules.ts'
import type { AnswerStep } from '#features/reporting/steps/rules.ts'
import { fileSize } from '#lib/file-size.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { fieldLabels } from '#messages/field-labels.ts'
import { sayField } from '#messages/field-values.ts'
import { logWords } from '#messages/log-words.ts'
import type { Locale } from '#messages/routing.ts'
import { sayCorrection } from '#messages/said-correction.ts'
import { sayLastBox } from '#messages/said-last-box.ts'

type Row = readonly [string, string]

export async function personalDataWords(data: PersonalData, locale: Locale): Promise<PersonalDataWords> {
  const [t, staff, event, carriers, kinds, told, drafts, reasons, disclosure, label, named, log, answered] =
    await Promise.all([
      getTranslations({ locale, namespace: 'personal-data' }),
      getTranslations({ locale, namespace: 'case-staff' }),
      getTranslations({ locale, namespace: 'case.data.request' }),
      getTranslations({ locale, namespace: 'case.carriers' }),
      getTranslations({ locale, namespace: 'evidence.kind' }),
      getTranslations({ locale, namespace: 'notices.told' }),
      getTranslations({ locale, namespace: 'notices.draft' }),
      getTranslations({ locale, namespace: 'case.reason' }),
      getTranslations({ locale, namespace: 'disclosure' }),
      fieldLabels('file', locale),
      fieldLabels('correction', locale),
      logWords(locale),
      getTranslations({ locale, namespace: 'alerts.page.outcome' }),
    ])
  const correction = await sayCorrection(locale)
  const at = (moment: Date) => formatInstant(locale, moment, 'moment')
  const { person, phone } = data
  const came = data.events
    .filter(({ from, to }) => to === data.case.state && from !== to)
    .toSorted((a, b) => b.seq - a.seq)[0]
  const watchUntil = came && isEndOfWatch(came, data.events) ? data.at : null
  const state = namedState({ state: data.case.state as CaseState, watchUntil })
  const filled = (rows: readonly Row[]) => rows.filter(([, value]) => value !== '')
  const own = {
    incidentType: [
      staff('facts.type'),
      staff(`facts.incident_${data.case.incidentType}` as 'facts.incident_robbed'),
    ],
    incidentAt: [
      staff('facts.at'),
      formatInstant(locale, data.case.incidentAt, person.incidentDayOnly ? 'date' : 'moment'),
    ],
    imei1:
      phone.imeis.length === 0
        ? [['IMEI', t('imeiUnknown')] as const]
        : phone.imeis.map(
            (imei, index) =>
              [
                `IMEI ${index + 1}`,
                phone.imeisWaiting.includes(imei) ? `${imei} (${t('imeiWaits')})` : imei,
              ] as const,
          ),
    brand: [staff('facts.model'), [phone.brand, phone.model, phone.colour].filter(Boolean).join(', ')],
    phoneNumber1: [staff('facts.sim'), person.phoneNumbers.join(', ')],
    fullName: [staff('facts.name'), person.fullName],
    nationalId: [staff(`facts.${person.idKind ?? 'cccd'}`), person.nationalId],
    contactEmail: [
      staff('facts.contact'),
      [person.contact, person.secondContact].flatMap((one) => one?.value ?? []).join(', '),
    ],
  } as const satisfies Record<OwnIn<'paper'>, Row | readonly Row[]>
  const texts = (step: AnswerStep): readonly Row[] =>
    rowsOf('paper', step).map((name) => [label(name), sayField(locale, name, { ...phone, ...person }[name])])
  return {
    title: t('title', { number: data.case.number }),
    subtitle: t('subtitle', { at: at(data.at) }),
    none: t('none'),
    foot: t('foot'),
    sections: [
      {
        title: t('case'),
        rows: [
          [t('state'), staff(`state.${state}`)],
          [t('sent'), at(data.case.submittedAt)],
          own.incidentAt,
          [staff('facts.area'), data.case.areaName],
          own.incidentType,
        ],
      },
      {
        title: t('person'),
        rows: filled([
          own.fullName,
          own.nationalId,
          own.contactEmail,
          ...texts('person'),
          ...texts('incident'),
          [staff('facts.source'), person.sourceNumber ?? ''],
          own.phoneNumber1,
        ]),
      },
      {
        title: staff('facts.phone'),
        rows: filled([own.brand, ...texts('phone'), ...own.imei1]),
      },
      {
        title: t('consents'),
        rows: data.consents.map(({ purpose, at: given, withdrawnAt, version: on }) => {
          const version = formatDate(locale, on)
          return [
            t(`purpose.${purpose}` as 'purpose.processing'),
            withdrawnAt
              ? t('withdrawn', { at: at(given), version, withdrawn: at(withdrawnAt) })
              : t('given', { at: at(given), version }),
          ]
        }),
      },
      ...data.decisions.map((one) => {
        const { title, rows } = sayLastBox(locale, { ...one, place: 'page' })
        return { title, rows: rows.map(({ term, words }) => [term, words] as const) }
      }),
      {
        title: t('events'),
        rows: data.events.map((one) => [
          at(one.at),
          [
            staff(`move.${one.move}`),
            one.reasonCode && sayReason(one.reasonCode, one.at),
            one.correction && correction(one.correction),
            one.message,
          ]
            .filter(Boolean)
            .join('\n'),
        ]),
      },
      {
        title: t('files'),
        rows: [
          ...(data.filesDeletedAt === null
            ? []
            : [[formatInstant(locale, data.filesDeletedAt, 'date'), t('filesDeleted')] as const]),
          ...data.evidence.map(
            (file): Row => [
              file.fileName ?? t('unnamed'),
              [
                `${kinds(file.kind as 'box')}, ${fileSize(file.byteSize, locale)}`,
                `SHA-256 ${file.sha256.slice(0, 32)}`,
                file.sha256.slice(32),
                ...(file.read?.found ?? []).map(({ imei }) => t('file_read', { imei: formatImei(imei) })),
              ].join('\n'),
            ],
          ),
        ],
      },
      {
        title: t('carriers'),
        rows: data.carriers.map((one) => [one.name, `${carriers(one.state as 'queued')}, ${at(one.at)}`]),
      },
      {
        title: t('questions'),
        rows: data.questions.map((one) => [
          one.carrier,
          [
            one.phoneNumber,
            one.imei === null ? t('lookup') : `IMEI ${one.imei}`,
            at(one.askedAt),
            ...(one.named ?? []).map(({ name, ending }) =>
              [name, `IMEI …${ending}`].filter(Boolean).join(' '),
            ),
          ].join(', '),
        ]),
      },
      {
        title: t('sightings'),
        rows: data.sightings.map((seen) => [at(seen), t('sighting')]),
      },
      {
        title: t('recovery.title'),
        rows: [
          ...(['wishedAt', 'watchUntil', 'seenAt'] as const).map((one) => [one, data.recovery[one]] as const),
          ...data.recovery.shopChecks.map((when) => ['shopCheck', when] as const),
          ...data.recovery.notices.flatMap((one) =>
            (['calledAt', 'handedInAt'] as const).map((key) => [key, one[key]] as const),
          ),
        ].flatMap(([key, when]) => (when === null ? [] : [[at(when), t(`recovery.${key}`)]])),
      },
      {
        title: t('shares'),
        rows: data.shares.map((one) => [
          one.name,
          [
            t('share_given', {
              number: one.phoneNumber ?? '',
              at: at(one.givenAt),
              version: formatDate(locale, one.version),
            }),
            ...one.alerts.map(({ event: told, at: when, outcome, outcomeAt }) =>
              [
                `${t(`share_event.${told as 'reported'}`)}, ${at(when)}`,
                outcome && `${answered(outcome as 'locked')}, ${at(outcomeAt ?? when)}`,
              ]
                .filter(Boolean)
                .join(': '),
            ),
            one.withdrawnAt && t('share_withdrawn', { at: at(one.withdrawnAt) }),
          ]
            .filter(Boolean)
            .join('\n'),
        ]),
      },
      {
        title: t('devices'),
        rows: data.devices.map((one) => [
          at(one.madeAt),
          [one.service, one.lastSuccessAt && t('device_told', { at: at(one.lastSuccessAt) })]
            .filter(Boolean)
            .join(', '),
        ]),
      },
      {
        title: t('messages'),
        rows: data.messages.map((one) => [at(one.at), `${sayTemplate(one.template)}\n${one.to}`]),
      },
      {
        title: t('requests'),
        rows: data.requests.map((one) => [
          event(one.kind),
          [
            at(one.askedAt),
            one.correction && correction(one.correction),
            one.asked,
            ...one.answers.map((answer) => `${at(answer.at)}: ${answer.message}`),
          ]
            .filter(Boolean)
            .join('\n'),
        ]),
      },
      {
        title: t('list'),
        rows: data.list ? [[at(data.list.addedAt), t(`listed.${data.list.how}`)]] : [],
      },
      {
        title: t('corrected'),
        rows: (person.corrected ?? []).map((one) => [
          at(new Date(one.at)),
          `${named(one.field)}: ${sayField(locale, one.field, one.before)}`,
        ]),
      },
      {
        title: t('openings'),
        rows: data.openings.map((one) => [
          at(one.at),
          t('opening', { reason: disclosure(`reason.${one.reason}` as 'reason.other') }),
        ]),
      },
      {
        title: t('accesses'),
        rows: data.accesses.map((one) => [
          at(one.at),
          `${staff(`actor.${one.by}` as 'actor.staff')}: ${log.act(one.act)}`,
        ]),
      },
    ],
  }

  function sayTemplate(template: string): string {
    const key = `${template}.subject` as 'take.subject'
    if (told.has(key)) return told(key, { number: data.case.number })
    const draft = `${template.replace(/^draft_/, '')}.subject` as 'kept.subject'
    return template.startsWith('draft_') && drafts.has(draft)
      ? drafts(draft, { number: data.case.number })
      : t('code')
  }

  function sayReason(code: string, said: Date): string | null {
    const key = code as 'proof'
    return reasons.has(key) ? reasons(key, { at: at(said) }) : null
  }
}
