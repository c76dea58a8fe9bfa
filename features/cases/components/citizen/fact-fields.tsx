import { getTranslations } from 'next-intl/server'
import { Field, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import type { AddedFact } from '../../rules/added-facts.ts'

/** The facts as they are offered: a card each, with what it helps with. */
const CARDS = [
  { card: 'incident', facts: ['story', 'place'] },
  { card: 'phone', facts: ['brand', 'model', 'colour', 'serialNumber'] },
  { card: 'sim', facts: ['phoneNumber1', 'phoneNumber2'] },
  { card: 'person', facts: ['address'] },
] as const satisfies readonly { readonly card: string; readonly facts: readonly AddedFact[] }[]

/** Asks for the facts that a case does not state yet, each card folded until it is wanted. */
export async function FactFields({ missing }: { readonly missing: readonly AddedFact[] }) {
  const [t, fields] = await Promise.all([getTranslations('case.act.add_facts'), getTranslations('fields')])
  return CARDS.map(({ card, facts }) => {
    const asked = facts.filter((name) => missing.includes(name))
    if (asked.length === 0) return null
    return (
      <FoldedFields key={card} summary={t(`${card}.title`)} names={asked}>
        <p className="text-sm text-soft">{t(`${card}.helps`)}</p>
        {asked.map((name) =>
          name === 'story' ? (
            <TextArea key={name} name={name} label={fields(name)} rows={3} optional />
          ) : (
            <Field
              key={name}
              name={name}
              label={fields(name)}
              width={name === 'place' || name === 'address' ? 'full' : 'medium'}
              {...(card === 'sim' && { type: 'tel', inputMode: 'tel' })}
              optional
            />
          ),
        )}
      </FoldedFields>
    )
  })
}
