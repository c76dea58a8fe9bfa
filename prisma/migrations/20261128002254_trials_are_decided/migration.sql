-- AlterTable
ALTER TABLE "questionnaires" ADD COLUMN     "adopted_at" TIMESTAMPTZ(3),
ADD COLUMN     "decision_en" TEXT,
ADD COLUMN     "decision_vi" TEXT,
ADD COLUMN     "trial_ends_at" TIMESTAMPTZ(3);

-- Trials of before had no end: they get one.
ALTER TABLE "questionnaires" DISABLE TRIGGER "questionnaires_immutable";
UPDATE "questionnaires"
  SET trial_ends_at = coalesce(retired_at, greatest(published_at, now()) + interval '90 days')
  WHERE trial_percent IS NOT NULL;
ALTER TABLE "questionnaires" ENABLE TRIGGER "questionnaires_immutable";

ALTER TABLE "questionnaires"
  ADD CONSTRAINT "questionnaires_trial_end" CHECK ((trial_percent IS NULL) = (trial_ends_at IS NULL)),
  ADD CONSTRAINT "questionnaires_adopted" CHECK (adopted_at IS NULL
    OR (trial_percent IS NOT NULL AND published_at <= adopted_at AND decision_vi IS NOT NULL)),
  ADD CONSTRAINT "questionnaires_decision" CHECK (
    (decision_vi IS NULL AND decision_en IS NULL)
    OR ((btrim(decision_vi) <> '' AND btrim(decision_en) <> '') IS TRUE
      AND (adopted_at IS NOT NULL OR retired_at IS NOT NULL)));

-- A trial is one until it is decided.
DROP INDEX "questionnaires_one_trial";
CREATE UNIQUE INDEX "questionnaires_one_trial" ON "questionnaires" ((true))
  WHERE trial_percent IS NOT NULL AND retired_at IS NULL AND adopted_at IS NULL;

-- What is published is retired once, or a trial adopted once and retired later, and changes in nothing else.
CREATE OR REPLACE FUNCTION questionnaire_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decided CONSTANT text[] := ARRAY['retired_at', 'adopted_at', 'decision_vi', 'decision_en'];
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL
    OR (to_jsonb(NEW) - decided) <> (to_jsonb(OLD) - decided)
    OR (OLD.adopted_at IS NOT NULL AND (to_jsonb(NEW) - 'retired_at') <> (to_jsonb(OLD) - 'retired_at')) THEN
    RAISE EXCEPTION 'questionnaire % is published: it cannot change', OLD.version
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
