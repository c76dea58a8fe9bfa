-- CreateEnum
CREATE TYPE "registration_state" AS ENUM ('begun', 'registered', 'handed_over', 'lapsed');

-- AlterTable
ALTER TABLE "case_sessions" ADD COLUMN     "opened_by" BYTEA;

-- CreateTable
CREATE TABLE "registrants" (
    "id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "registrants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registrant_contacts" (
    "hash" BYTEA NOT NULL,
    "registrant_id" UUID NOT NULL,

    CONSTRAINT "registrant_contacts_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "registered_phones" (
    "id" UUID NOT NULL,
    "registrant_id" UUID NOT NULL,
    "state" "registration_state" NOT NULL DEFAULT 'begun',
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_at" TIMESTAMPTZ(3),
    "kept_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "report_id" UUID,

    CONSTRAINT "registered_phones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registered_imeis" (
    "hash" BYTEA NOT NULL,
    "phone_id" UUID NOT NULL,

    CONSTRAINT "registered_imeis_pkey" PRIMARY KEY ("hash","phone_id")
);

-- CreateTable
CREATE TABLE "phone_warnings" (
    "phone_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "contested_at" TIMESTAMPTZ(3),
    "sealed" BYTEA,

    CONSTRAINT "phone_warnings_pkey" PRIMARY KEY ("phone_id","case_id")
);

-- CreateTable
CREATE TABLE "phone_certificates" (
    "id" UUID NOT NULL,
    "phone_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "phone_certificates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phone_handovers" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "certificate_id" UUID,
    "phone_id" UUID,
    "buyer_id" UUID,
    "new_phone_id" UUID,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "phone_handovers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "registrants_unconfirmed" ON "registrants"("expires_at") WHERE (expires_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "registrant_contacts_registrant_id_idx" ON "registrant_contacts"("registrant_id");

-- CreateIndex
CREATE INDEX "registered_phones_registrant_id_idx" ON "registered_phones"("registrant_id");

-- CreateIndex
CREATE INDEX "registered_phones_report_id_idx" ON "registered_phones"("report_id");

-- CreateIndex
CREATE INDEX "registered_phones_kept" ON "registered_phones"("kept_at", "id") WHERE (state = 'registered'::registration_state);

-- CreateIndex
CREATE INDEX "registered_phones_ended" ON "registered_phones"("ended_at", "id") WHERE (ended_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "registered_phones_begun" ON "registered_phones"("created_at") WHERE (state = 'begun'::registration_state);

-- CreateIndex
CREATE INDEX "registered_imeis_phone_id_idx" ON "registered_imeis"("phone_id");

-- CreateIndex
CREATE INDEX "phone_warnings_case_id_idx" ON "phone_warnings"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "phone_certificates_code_hash_key" ON "phone_certificates"("code_hash");

-- CreateIndex
CREATE INDEX "phone_certificates_phone_id_made_at_idx" ON "phone_certificates"("phone_id", "made_at");

-- CreateIndex
CREATE INDEX "phone_certificates_expires_at_idx" ON "phone_certificates"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "phone_handovers_number_key" ON "phone_handovers"("number");

-- CreateIndex
CREATE UNIQUE INDEX "phone_handovers_new_phone_id_key" ON "phone_handovers"("new_phone_id");

-- CreateIndex
CREATE INDEX "phone_handovers_phone_id_idx" ON "phone_handovers"("phone_id");

-- CreateIndex
CREATE INDEX "phone_handovers_buyer_id_idx" ON "phone_handovers"("buyer_id");

-- CreateIndex
CREATE INDEX "phone_handovers_certificate_id_idx" ON "phone_handovers"("certificate_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_handover" ON "phone_handovers"("phone_id") WHERE ((confirmed_at IS NULL) AND (ended_at IS NULL));

-- AddForeignKey
ALTER TABLE "registrants" ADD CONSTRAINT "registrants_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "registrant_contacts" ADD CONSTRAINT "registrant_contacts_registrant_id_fkey" FOREIGN KEY ("registrant_id") REFERENCES "registrants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "registered_phones" ADD CONSTRAINT "registered_phones_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "registered_phones" ADD CONSTRAINT "registered_phones_registrant_id_fkey" FOREIGN KEY ("registrant_id") REFERENCES "registrants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "registered_imeis" ADD CONSTRAINT "registered_imeis_phone_id_fkey" FOREIGN KEY ("phone_id") REFERENCES "registered_phones"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_warnings" ADD CONSTRAINT "phone_warnings_phone_id_fkey" FOREIGN KEY ("phone_id") REFERENCES "registered_phones"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_warnings" ADD CONSTRAINT "phone_warnings_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_certificates" ADD CONSTRAINT "phone_certificates_phone_id_fkey" FOREIGN KEY ("phone_id") REFERENCES "registered_phones"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_handovers" ADD CONSTRAINT "phone_handovers_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "phone_certificates"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_handovers" ADD CONSTRAINT "phone_handovers_phone_id_fkey" FOREIGN KEY ("phone_id") REFERENCES "registered_phones"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_handovers" ADD CONSTRAINT "phone_handovers_buyer_id_fkey" FOREIGN KEY ("buyer_id") REFERENCES "registrants"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_handovers" ADD CONSTRAINT "phone_handovers_new_phone_id_fkey" FOREIGN KEY ("new_phone_id") REFERENCES "registered_phones"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the schema cannot say.
ALTER TABLE "registered_phones" ADD CONSTRAINT "registered_phones_are_whole" CHECK (
  (state = 'begun') = (registered_at IS NULL) AND (state IN ('handed_over', 'lapsed')) = (ended_at IS NOT NULL)
);
ALTER TABLE "phone_handovers" ADD CONSTRAINT "phone_handovers_end_once" CHECK (confirmed_at IS NULL OR ended_at IS NULL);
ALTER TABLE "phone_warnings" ADD CONSTRAINT "phone_warnings_are_whole" CHECK (sealed IS NULL OR contested_at IS NOT NULL);

-- Only the product itself reads them, for a browser that has opened the list, for a job, or for a report in scope (ADR 21).
ALTER TABLE "registrants" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "registrants" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "registrant_contacts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "registrant_contacts" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "registered_phones" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "registered_phones" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "registered_imeis" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "registered_imeis" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "phone_warnings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "phone_warnings" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "phone_certificates" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "phone_certificates" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
ALTER TABLE "phone_handovers" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "phone_handovers" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
