-- CreateEnum
CREATE TYPE "objection_state" AS ENUM ('draft', 'open', 'info_requested', 'granted', 'lifted', 'refused', 'withdrawn', 'expired');

-- AlterEnum
ALTER TYPE "evidence_kind" ADD VALUE 'screen';

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "objected_at" TIMESTAMPTZ(3),
ADD COLUMN     "objection_answered_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "objections" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "state" "objection_state" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "locale" TEXT NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "against_id" UUID,
    "area_id" TEXT,
    "word" TEXT NOT NULL,
    "word_at" TIMESTAMPTZ(3) NOT NULL,
    "inspection" BOOLEAN NOT NULL DEFAULT false,
    "sealed" BYTEA NOT NULL,
    "contact_hash" BYTEA,
    "cookie_hash" BYTEA,
    "secret_hash" BYTEA,
    "receipt_sealed" BYTEA,
    "inspected_by_id" UUID,
    "inspected_at" TIMESTAMPTZ(3),
    "inspection_held" BOOLEAN,
    "refused_by_id" UUID,
    "refused_at" TIMESTAMPTZ(3),
    "renewed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "waiting" BOOLEAN NOT NULL DEFAULT false,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "objections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "objection_events" (
    "objection_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "move" TEXT NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_role" "staff_role",
    "actor_area_id" TEXT,
    "reason_code" TEXT,
    "sealed" BYTEA,

    CONSTRAINT "objection_events_pkey" PRIMARY KEY ("objection_id","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "objections_number_key" ON "objections"("number");

-- CreateIndex
CREATE UNIQUE INDEX "objections_cookie_hash_key" ON "objections"("cookie_hash");

-- CreateIndex
CREATE INDEX "objections_queue_city" ON "objections"("due_at", "id") WHERE ("waiting" = true);

-- CreateIndex
CREATE INDEX "objections_queue_area" ON "objections"("area_id", "due_at", "id") WHERE ("waiting" = true);

-- CreateIndex
CREATE INDEX "objections_against_id_sent_at_idx" ON "objections"("against_id", "sent_at");

-- CreateIndex
CREATE INDEX "objections_contact_hash_sent_at_idx" ON "objections"("contact_hash", "sent_at");

-- CreateIndex
CREATE INDEX "objections_clock" ON "objections"("due_at", "id") WHERE (state = ANY (ARRAY['draft'::objection_state, 'info_requested'::objection_state]));

-- CreateIndex
CREATE INDEX "objections_closed" ON "objections"("closed_at", "id") WHERE (closed_at IS NOT NULL);

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_against_id_fkey" FOREIGN KEY ("against_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_objection_id_fkey" FOREIGN KEY ("objection_id") REFERENCES "objections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the rules say (domain/objection/lifecycle.ts), whoever writes.
ALTER TABLE "objections"
  ADD CONSTRAINT "objection_is_sent_whole" CHECK (state = 'draft'::objection_state OR (sent_at IS NOT NULL AND area_id IS NOT NULL AND secret_hash IS NOT NULL)),
  ADD CONSTRAINT "objection_draft_holds_nothing" CHECK (state <> 'draft'::objection_state OR (against_id IS NULL AND area_id IS NULL AND NOT waiting)),
  ADD CONSTRAINT "objection_inspected_by_somebody" CHECK ((inspected_at IS NULL) = (inspected_by_id IS NULL) AND (inspected_at IS NULL) = (inspection_held IS NULL)),
  ADD CONSTRAINT "objection_refused_by_somebody" CHECK ((refused_at IS NULL) = (refused_by_id IS NULL));

-- One open objection to a phone's block by one contact: sent twice at once, it is there once.
CREATE UNIQUE INDEX "one_open_objection" ON "objections"("key14", "contact_hash") WHERE ("waiting" = true);

-- Row-level security (ADR 21): a draft is of no district yet; once sent it is seen where the case is that blocks the phone,
-- and by its own holder alone besides.
ALTER TABLE "objections" ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON "objections" USING (
  CASE (SELECT current_setting('antam.scope', true))
    WHEN 'system' THEN true
    WHEN 'city' THEN area_id IS NOT NULL
    ELSE id = (SELECT scope_case()) OR area_id = (SELECT scope_area())
  END
);
ALTER TABLE "objection_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON "objection_events" USING (
  CASE WHEN (SELECT scope_is_wide()) THEN true
    ELSE objection_id = (SELECT scope_case()) OR (SELECT true FROM objections o WHERE o.id = objection_id)
  END
);

-- What hangs on a key belongs to a case or to an objection.
DO $$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['case_keys', 'consents', 'evidence', 'notices'] LOOP
    EXECUTE format(
      'ALTER POLICY declared_scope ON %I USING (CASE WHEN (SELECT scope_is_wide()) THEN true ELSE case_id = (SELECT scope_case())
         OR (SELECT true FROM cases c WHERE c.id = case_id) OR (SELECT true FROM objections o WHERE o.id = case_id) END)',
      guarded
    );
  END LOOP;
END $$;
