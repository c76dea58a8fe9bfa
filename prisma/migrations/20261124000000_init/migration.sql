-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('officer', 'supervisor', 'city_police', 'relay', 'carrier', 'survey_manager', 'agency_viewer', 'auditor', 'admin');

-- CreateEnum
CREATE TYPE "case_state" AS ENUM ('submitted', 'under_review', 'info_requested', 'verified', 'blocking', 'blocked', 'rejected', 'unblock_review', 'unblocking', 'withdrawn', 'expired', 'unblocked');

-- CreateEnum
CREATE TYPE "case_hold" AS ENUM ('conflict', 'shared_imei');

-- CreateEnum
CREATE TYPE "incident_type" AS ENUM ('robbed', 'snatched', 'stolen', 'lost');

-- CreateEnum
CREATE TYPE "contact_kind" AS ENUM ('email', 'phone');

-- CreateEnum
CREATE TYPE "counterclaim" AS ENUM ('pending', 'accepted', 'refused', 'upheld', 'overruled');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('citizen', 'staff', 'carrier', 'system');

-- CreateEnum
CREATE TYPE "blind_index_kind" AS ENUM ('contact', 'phone', 'email', 'national_id', 'name', 'name_word', 'serial');

-- CreateEnum
CREATE TYPE "code_purpose" AS ENUM ('confirm_contact', 'resume_draft', 'view_status');

-- CreateEnum
CREATE TYPE "case_access" AS ENUM ('full', 'status');

-- CreateEnum
CREATE TYPE "evidence_kind" AS ENUM ('box', 'invoice', 'warranty', 'account', 'contract', 'other');

-- CreateEnum
CREATE TYPE "evidence_state" AS ENUM ('pending', 'ready', 'unreadable');

-- CreateEnum
CREATE TYPE "notice_state" AS ENUM ('queued', 'sent', 'failed');

-- CreateEnum
CREATE TYPE "order_action" AS ENUM ('block', 'unblock');

-- CreateEnum
CREATE TYPE "order_reason" AS ENUM ('robbed', 'snatched', 'stolen', 'lost', 'hold', 'recovered', 'withdrawn', 'wrong', 'expired', 'other_claim', 'appeal');

-- CreateEnum
CREATE TYPE "order_state" AS ENUM ('queued', 'sent', 'acknowledged', 'applied', 'failed', 'exempt', 'superseded');

-- CreateEnum
CREATE TYPE "entry_outcome" AS ENUM ('applied', 'already', 'rejected', 'not_found');

-- CreateTable
CREATE TABLE "police_areas" (
    "id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "name_vi" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,

    CONSTRAINT "police_areas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "holidays" (
    "date" DATE NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "holidays_pkey" PRIMARY KEY ("date")
);

-- CreateTable
CREATE TABLE "tacs" (
    "tac" CHAR(8) NOT NULL,
    "manufacturer" TEXT NOT NULL,
    "model" TEXT NOT NULL,

    CONSTRAINT "tacs_pkey" PRIMARY KEY ("tac")
);

-- CreateTable
CREATE TABLE "staff_accounts" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "staff_role" NOT NULL,
    "area_id" TEXT,
    "agency_id" TEXT,
    "carrier_id" TEXT,
    "password_hash" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_sessions" (
    "token_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "invitations" (
    "token_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "sign_in_failures" (
    "key_hash" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("key_hash")
);

-- CreateTable
CREATE TABLE "case_keys" (
    "case_id" UUID NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "wrap_key_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_keys_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "report_drafts" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "cookie_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "locale" TEXT NOT NULL,
    "contact_hash" BYTEA,
    "contact_confirmed_at" TIMESTAMPTZ(3),
    "filed_by_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "report_drafts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cases" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "state" "case_state" NOT NULL,
    "held" "case_hold",
    "version" INTEGER NOT NULL DEFAULT 1,
    "locale" TEXT NOT NULL,
    "area_id" TEXT NOT NULL,
    "incident_type" "incident_type" NOT NULL,
    "incident_at" TIMESTAMPTZ(3) NOT NULL,
    "brand" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "colour" TEXT NOT NULL,
    "tac_manufacturer" TEXT,
    "tac_model" TEXT,
    "tac_mismatch" BOOLEAN NOT NULL DEFAULT false,
    "contact_kind" "contact_kind" NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "receipt_sealed" BYTEA,
    "receipt_cookie_hash" BYTEA,
    "receipt_until" TIMESTAMPTZ(3),
    "sealed" BYTEA NOT NULL,
    "filed_by_id" UUID,
    "assignee_id" UUID,
    "verified_by_id" UUID,
    "rejected_by_id" UUID,
    "unblock_verified_by_id" UUID,
    "unblock_reason" "order_reason",
    "counterclaim" "counterclaim",
    "counterclaim_by_id" UUID,
    "earlier_id" UUID,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "first_action_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "blocked_at" TIMESTAMPTZ(3),
    "rejected_at" TIMESTAMPTZ(3),
    "appealed_at" TIMESTAMPTZ(3),
    "withdraw_effective_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "needs_work" BOOLEAN NOT NULL,

    CONSTRAINT "cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_imeis" (
    "case_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "primary_claim" BOOLEAN NOT NULL,
    "listed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "case_imeis_pkey" PRIMARY KEY ("case_id","ordinal")
);

-- CreateTable
CREATE TABLE "case_events" (
    "case_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "move" TEXT NOT NULL,
    "from" "case_state",
    "to" "case_state" NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_role" "staff_role",
    "actor_area_id" TEXT,
    "reason_code" TEXT,
    "sealed" BYTEA,
    "visible" BOOLEAN NOT NULL,

    CONSTRAINT "case_events_pkey" PRIMARY KEY ("case_id","seq")
);

-- CreateTable
CREATE TABLE "blind_index" (
    "kind" "blind_index_kind" NOT NULL,
    "hash" BYTEA NOT NULL,
    "case_id" UUID NOT NULL,

    CONSTRAINT "blind_index_pkey" PRIMARY KEY ("kind","hash","case_id")
);

-- CreateTable
CREATE TABLE "consents" (
    "case_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consents_pkey" PRIMARY KEY ("case_id","purpose")
);

-- CreateTable
CREATE TABLE "contact_codes" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "purpose" "code_purpose" NOT NULL,
    "contact_hash" BYTEA NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_codes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_sessions" (
    "token_hash" BYTEA NOT NULL,
    "case_id" UUID NOT NULL,
    "access" "case_access" NOT NULL,
    "flash" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "submissions" (
    "key" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "evidence" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" "evidence_kind" NOT NULL,
    "state" "evidence_state" NOT NULL,
    "sealed" BYTEA NOT NULL,
    "media_type" TEXT NOT NULL,
    "byte_size" INTEGER NOT NULL,
    "sha256" BYTEA NOT NULL,
    "original_key" TEXT NOT NULL,
    "view_key" TEXT,
    "view_width" INTEGER,
    "view_height" INTEGER,
    "event_seq" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "channel" "contact_kind" NOT NULL,
    "template" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "state" "notice_state" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carriers" (
    "id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "book_head" BIGINT NOT NULL DEFAULT 0,
    "acked_seq" BIGINT NOT NULL DEFAULT 0,
    "acked_at" TIMESTAMPTZ(3),

    CONSTRAINT "carriers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_keys" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_orders" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "action" "order_action" NOT NULL,
    "reason" "order_reason" NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "state" "order_state" NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "failure_code" TEXT,
    "retry_of_id" UUID,
    "exempt_reason" TEXT,
    "exempt_asked_by_id" UUID,
    "exempt_confirmed_by_id" UUID,

    CONSTRAINT "carrier_orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "book_entries" (
    "carrier_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "order_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "action" "order_action" NOT NULL,
    "reason" "order_reason" NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "outcome" "entry_outcome",
    "outcome_code" TEXT,
    "outcome_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3),

    CONSTRAINT "book_entries_pkey" PRIMARY KEY ("carrier_id","seq")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" TEXT,
    "act" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "request_id" TEXT,
    "facts" JSONB NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_accounts_email_key" ON "staff_accounts"("email");

-- CreateIndex
CREATE INDEX "staff_accounts_area_id_role_idx" ON "staff_accounts"("area_id", "role");

-- CreateIndex
CREATE INDEX "staff_sessions_account_id_created_at_idx" ON "staff_sessions"("account_id", "created_at");

-- CreateIndex
CREATE INDEX "staff_sessions_expires_at_idx" ON "staff_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "invitations_account_id_idx" ON "invitations"("account_id");

-- CreateIndex
CREATE INDEX "sign_in_failures_last_at_idx" ON "sign_in_failures"("last_at");

-- CreateIndex
CREATE UNIQUE INDEX "report_drafts_number_key" ON "report_drafts"("number");

-- CreateIndex
CREATE UNIQUE INDEX "report_drafts_cookie_hash_key" ON "report_drafts"("cookie_hash");

-- CreateIndex
CREATE INDEX "report_drafts_expires_at_idx" ON "report_drafts"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "cases_number_key" ON "cases"("number");

-- CreateIndex
CREATE INDEX "cases_queue_area" ON "cases"("area_id", "due_at", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_queue_city" ON "cases"("due_at", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_area_id_state_due_at_id_idx" ON "cases"("area_id", "state", "due_at", "id");

-- CreateIndex
CREATE INDEX "cases_state_due_at_id_idx" ON "cases"("state", "due_at", "id");

-- CreateIndex
CREATE INDEX "cases_queue_assignee" ON "cases"("assignee_id", "due_at", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_withdraw_effective_at_idx" ON "cases"("withdraw_effective_at") WHERE (withdraw_effective_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_earlier_id_idx" ON "cases"("earlier_id");

-- CreateIndex
CREATE INDEX "case_imeis_key14_idx" ON "case_imeis"("key14");

-- CreateIndex
CREATE INDEX "listed_imeis" ON "case_imeis"("key14") WHERE ("listed" = true);

-- CreateIndex
CREATE UNIQUE INDEX "one_primary_claim_a_phone" ON "case_imeis"("key14") WHERE ("primary_claim" = true);

-- CreateIndex
CREATE INDEX "blind_index_case_id_idx" ON "blind_index"("case_id");

-- CreateIndex
CREATE INDEX "contact_codes_contact_hash_created_at_idx" ON "contact_codes"("contact_hash", "created_at");

-- CreateIndex
CREATE INDEX "contact_codes_case_id_purpose_created_at_idx" ON "contact_codes"("case_id", "purpose", "created_at");

-- CreateIndex
CREATE INDEX "case_sessions_case_id_idx" ON "case_sessions"("case_id");

-- CreateIndex
CREATE INDEX "case_sessions_expires_at_idx" ON "case_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "submissions_at_idx" ON "submissions"("at");

-- CreateIndex
CREATE INDEX "evidence_case_id_created_at_idx" ON "evidence"("case_id", "created_at");

-- CreateIndex
CREATE INDEX "evidence_sha256_idx" ON "evidence"("sha256");

-- CreateIndex
CREATE INDEX "notices_case_id_created_at_idx" ON "notices"("case_id", "created_at");

-- CreateIndex
CREATE INDEX "notices_state_created_at_idx" ON "notices"("state", "created_at") WHERE (state <> 'sent');

-- CreateIndex
CREATE UNIQUE INDEX "carrier_keys_key_hash_key" ON "carrier_keys"("key_hash");

-- CreateIndex
CREATE INDEX "carrier_keys_carrier_id_idx" ON "carrier_keys"("carrier_id");

-- CreateIndex
CREATE UNIQUE INDEX "carrier_orders_retry_of_id_key" ON "carrier_orders"("retry_of_id");

-- CreateIndex
CREATE INDEX "carrier_orders_case_id_carrier_id_issued_at_idx" ON "carrier_orders"("case_id", "carrier_id", "issued_at");

-- CreateIndex
CREATE INDEX "carrier_orders_carrier_id_issued_at_id_idx" ON "carrier_orders"("carrier_id", "issued_at", "id");

-- CreateIndex
CREATE INDEX "orders_open" ON "carrier_orders"("state", "due_at", "id") WHERE (state = ANY (ARRAY['queued'::order_state, 'sent'::order_state, 'acknowledged'::order_state, 'failed'::order_state]));

-- CreateIndex
CREATE UNIQUE INDEX "book_entries_order_id_imei_key" ON "book_entries"("order_id", "imei");

-- CreateIndex
CREATE INDEX "audit_entries_subject_kind_subject_id_id_idx" ON "audit_entries"("subject_kind", "subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_id_idx" ON "audit_entries"("actor_id", "id");

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_drafts" ADD CONSTRAINT "report_drafts_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "staff_accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_earlier_id_fkey" FOREIGN KEY ("earlier_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_imeis" ADD CONSTRAINT "case_imeis_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blind_index" ADD CONSTRAINT "blind_index_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_codes" ADD CONSTRAINT "contact_codes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_keys" ADD CONSTRAINT "carrier_keys_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
