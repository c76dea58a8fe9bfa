-- What was published can be taken back, once and for a reason that everybody reads. It stays, and is never put right in
-- place: what is published instead names what it replaces.
ALTER TABLE "survey_replies" ADD COLUMN     "withdrawn_at" TIMESTAMPTZ(3),
ADD COLUMN     "withdrawn_vi" TEXT,
ADD COLUMN     "withdrawn_en" TEXT,
ADD COLUMN     "replaces_id" UUID;
ALTER TABLE "survey_reports" ADD COLUMN     "withdrawn_at" TIMESTAMPTZ(3),
ADD COLUMN     "withdrawn_vi" TEXT,
ADD COLUMN     "withdrawn_en" TEXT,
ADD COLUMN     "replaces_id" UUID;

-- DropIndex
DROP INDEX "survey_replies_due";

-- CreateIndex
CREATE INDEX "survey_replies_due" ON "survey_replies"("agency_id", "due_on") WHERE ((due_on IS NOT NULL) AND (kept_at IS NULL) AND (withdrawn_at IS NULL));

-- CreateIndex
CREATE INDEX "survey_replies_withdrawn" ON "survey_replies"("agency_id", "withdrawn_at" DESC) WHERE (withdrawn_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_reports_withdrawn" ON "survey_reports"("withdrawn_at" DESC) WHERE (withdrawn_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_reports_hash" ON "survey_reports"("sha256", "published_at" DESC) WHERE (published_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "survey_replies_replaces_id_key" ON "survey_replies"("replaces_id");

-- CreateIndex
CREATE UNIQUE INDEX "survey_reports_replaces_id_key" ON "survey_reports"("replaces_id");

-- AddForeignKey
ALTER TABLE "survey_replies" ADD CONSTRAINT "survey_replies_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "survey_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_replies" ADD CONSTRAINT "survey_replies_withdrawn"
  CHECK ((withdrawn_at IS NULL) = (withdrawn_vi IS NULL) AND (withdrawn_at IS NOT NULL OR withdrawn_en IS NULL));
ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_withdrawn"
  CHECK ((withdrawn_at IS NULL) = (withdrawn_vi IS NULL) AND (withdrawn_at IS NOT NULL OR withdrawn_en IS NULL)
    AND (withdrawn_at IS NULL OR published_at IS NOT NULL) AND (replaces_id IS NULL OR published_at IS NOT NULL));

-- As before; what is withdrawn is over, and only what is withdrawn is replaced, by the same agency.
CREATE OR REPLACE FUNCTION keep_survey_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.withdrawn_at IS NOT NULL OR NEW.replaces_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM survey_replies WHERE id = NEW.replaces_id AND agency_id = NEW.agency_id AND withdrawn_at IS NOT NULL
    ) THEN
      RAISE EXCEPTION 'a reply replaces one that its agency has withdrawn';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
    OR (NEW.id, NEW.agency_id, NEW.said_vi, NEW.said_en, NEW.answer_vi, NEW.answer_en, NEW.published_at, NEW.replaces_id)
      IS DISTINCT FROM
      (OLD.id, OLD.agency_id, OLD.said_vi, OLD.said_en, OLD.answer_vi, OLD.answer_en, OLD.published_at, OLD.replaces_id)
    OR (OLD.kept_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL)
      AND (NEW.promise_vi, NEW.promise_en, NEW.due_on, NEW.kept_at, NEW.done_vi, NEW.done_en) IS DISTINCT FROM
      (OLD.promise_vi, OLD.promise_en, OLD.due_on, OLD.kept_at, OLD.done_vi, OLD.done_en) THEN
    RAISE EXCEPTION 'what an agency published does not change';
  END IF;
  IF (NEW.promise_vi, NEW.promise_en, NEW.due_on) IS DISTINCT FROM (OLD.promise_vi, OLD.promise_en, OLD.due_on)
    AND NOT EXISTS (SELECT FROM survey_reply_changes WHERE reply_id = OLD.id AND revision = OLD.revision) THEN
    RAISE EXCEPTION 'a promise is not changed silently';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "survey_replies_immutable" BEFORE INSERT OR UPDATE OR DELETE ON "survey_replies"
  FOR EACH ROW EXECUTE FUNCTION keep_survey_reply();

-- As before; and what everybody could read stays published, or withdrawn, and goes nowhere.
CREATE OR REPLACE FUNCTION survey_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.withdrawn_at IS NOT NULL OR NEW.replaces_id IS NOT NULL THEN
      RAISE EXCEPTION 'a report is withdrawn, or replaces another, once it is there';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'a published report stays'; END IF;
    RETURN OLD;
  END IF;
  IF OLD.dataset IS NOT NULL AND
     (NEW.dataset, NEW.from_month, NEW.to_month, NEW.scope, NEW.agency_ids, NEW.asked_at) IS DISTINCT FROM
     (OLD.dataset, OLD.from_month, OLD.to_month, OLD.scope, OLD.agency_ids, OLD.asked_at) THEN
    RAISE EXCEPTION 'a frozen report does not change';
  END IF;
  IF OLD.published_at IS NOT NULL AND
     (NEW.published_at, NEW.replaces_id) IS DISTINCT FROM (OLD.published_at, OLD.replaces_id)
     OR OLD.withdrawn_at IS NOT NULL AND
     (NEW.withdrawn_at, NEW.withdrawn_vi, NEW.withdrawn_en) IS DISTINCT FROM
     (OLD.withdrawn_at, OLD.withdrawn_vi, OLD.withdrawn_en) THEN
    RAISE EXCEPTION 'a published report stays';
  END IF;
  IF NEW.replaces_id IS DISTINCT FROM OLD.replaces_id AND NOT EXISTS (
    SELECT FROM survey_reports WHERE id = NEW.replaces_id AND withdrawn_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'a report replaces one that was withdrawn';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "survey_reports_frozen" BEFORE INSERT OR UPDATE OR DELETE ON "survey_reports"
  FOR EACH ROW EXECUTE FUNCTION survey_report_is_frozen();
