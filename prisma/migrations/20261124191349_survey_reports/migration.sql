-- CreateEnum
CREATE TYPE "report_scope" AS ENUM ('all', 'districts', 'departments', 'chosen');

-- CreateEnum
CREATE TYPE "report_state" AS ENUM ('queued', 'running', 'ready', 'failed');

-- CreateTable
CREATE TABLE "survey_reports" (
    "id" UUID NOT NULL,
    "from_month" DATE NOT NULL,
    "to_month" DATE NOT NULL,
    "scope" "report_scope" NOT NULL,
    "agency_ids" TEXT[],
    "state" "report_state" NOT NULL DEFAULT 'queued',
    "progress" INTEGER NOT NULL DEFAULT 0,
    "dataset" BYTEA,
    "sha256" BYTEA,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_reports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "survey_reports_asked_at_id_idx" ON "survey_reports"("asked_at" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_reports_published" ON "survey_reports"("published_at" DESC, "id") WHERE (published_at IS NOT NULL);

ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_months"
  CHECK (from_month = date_trunc('month', from_month)::date AND to_month = date_trunc('month', to_month)::date
    AND from_month <= to_month);
ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_agencies"
  CHECK ((scope = 'chosen') = (cardinality(agency_ids) > 0));
-- What is ready, or published, is frozen under its own hash.
ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_frozen"
  CHECK ((sha256 IS NOT DISTINCT FROM sha256(dataset)) AND (state <> 'ready' OR dataset IS NOT NULL)
    AND (published_at IS NULL OR state = 'ready'));

-- The report on somebody's desk says what its dataset says, for ever.
CREATE FUNCTION survey_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.dataset IS NOT NULL AND
     (NEW.dataset, NEW.from_month, NEW.to_month, NEW.scope, NEW.agency_ids, NEW.asked_at) IS DISTINCT FROM
     (OLD.dataset, OLD.from_month, OLD.to_month, OLD.scope, OLD.agency_ids, OLD.asked_at) THEN
    RAISE EXCEPTION 'a frozen report does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "survey_reports_frozen" BEFORE UPDATE ON "survey_reports"
  FOR EACH ROW EXECUTE FUNCTION survey_report_is_frozen();
