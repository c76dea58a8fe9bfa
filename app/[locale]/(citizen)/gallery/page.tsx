import { getLocale } from 'next-intl/server'
import { Checkbox, Radios, Select } from '#components/form/choices.tsx'
import { DateTimeField, Field, TextArea } from '#components/form/field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PartSamples } from '#components/gallery/part-samples.tsx'
import { GallerySample } from '#components/gallery/sample.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import type { FormState } from '#lib/form-state.ts'

export const access = 'nobody' satisfies Access

/** Renders every component in every state, for developers of pages; only in development. */
export default async function GalleryPage() {
  if (process.env.NODE_ENV === 'production') notFoundPage(await getLocale())
  return (
    <div className="stack-l">
      <PageHeader title="Gallery" kicker="Development only" lead="Every component in every state." />
      <PartSamples />
      <FormSamples />
    </div>
  )
}

const options = [
  { value: 'a', label: 'First' },
  { value: 'b', label: 'Second', hint: 'With a hint' },
  { value: 'c', label: 'Third' },
]

const filled: FormState = {
  values: { name: 'Nguyễn Thị Ánh', imei: '35 298706 581662 3', kind: 'b', place: 'b', agree: 'on' },
  errors: {},
}

const faulty: FormState = {
  values: { ...filled.values, imei: '35 298706 581662 4' },
  errors: {
    name: 'Write your full name.',
    imei: 'The last digit does not fit the 14 before it.',
    story: 'Say in a few words what happened.',
    when: 'This time has not come yet.',
    kind: 'Choose one.',
    place: 'Choose a district.',
    proof: 'Add at least one file.',
    agree: 'Tick this to go on.',
  },
  notice: 'A refusal that belongs to no field.',
}

function Fields() {
  return (
    <>
      <Field name="name" label="Field" hint="With a hint." />
      <Field
        name="imei"
        label="Field, look number"
        look="number"
        width="medium"
        inputMode="numeric"
        optional
        after={
          <p className="mt-2">
            <Tag tone="ok">Samsung Galaxy A54</Tag>
          </p>
        }
      />
      <TextArea name="story" label="TextArea" optional />
      <DateTimeField name="when" label="DateTimeField" />
      <Radios name="kind" label="Radios" options={options} />
      <Select name="place" label="Select" placeholder="Choose" options={options} />
      <Checkbox name="agree" label="Checkbox" hint="With a hint" />
      <p className="actions">
        <SubmitButton name="step" value="next">
          SubmitButton
        </SubmitButton>
        <SubmitButton name="step" value="back" look="quiet">
          Back
        </SubmitButton>
      </p>
    </>
  )
}

function FormSamples() {
  return (
    <>
      <GallerySample name="Form, untouched">
        <PostForm action="#" scope="empty">
          <Fields />
        </PostForm>
      </GallerySample>
      <GallerySample name="Form, filled">
        <PostForm action="#" scope="filled" state={filled}>
          <Fields />
        </PostForm>
      </GallerySample>
      <GallerySample name="Form, refused">
        <PostForm action="#" scope="faulty" state={faulty}>
          <Fields />
        </PostForm>
      </GallerySample>
    </>
  )
}
