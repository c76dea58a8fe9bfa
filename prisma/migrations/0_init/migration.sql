-- The whole schema as it stood on 2026-11-28, in one step: 76 migrations made it before anything was released, and
-- prisma/squashed-migrations.txt names them. Functions and triggers stand in prisma/functions.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('officer', 'supervisor', 'city_police', 'relay', 'carrier', 'survey_manager', 'agency_viewer', 'auditor', 'admin', 'shop');

-- CreateEnum
CREATE TYPE "account_request_kind" AS ENUM ('invite', 'reset', 'change', 'email');

-- CreateEnum
CREATE TYPE "account_request_outcome" AS ENUM ('confirmed', 'refused', 'withdrawn', 'expired');

-- CreateEnum
CREATE TYPE "agency_kind" AS ENUM ('district', 'rural_district', 'department', 'ward', 'commune', 'special_zone', 'city');

-- CreateEnum
CREATE TYPE "catalogue_change_kind" AS ENUM ('add', 'rename', 'merge', 'split', 'close', 'edition');

-- CreateEnum
CREATE TYPE "succession_kind" AS ENUM ('merge', 'split', 'rename', 'abolish');

-- CreateEnum
CREATE TYPE "reconciliation_state" AS ENUM ('receiving', 'comparing', 'done', 'failed');

-- CreateEnum
CREATE TYPE "difference_kind" AS ENUM ('missing', 'extra', 'foreign');

-- CreateEnum
CREATE TYPE "sim_answer" AS ENUM ('yes', 'no', 'unknown');

-- CreateEnum
CREATE TYPE "delivery_way" AS ENUM ('pull', 'push', 'letter');

-- CreateEnum
CREATE TYPE "release_mode" AS ENUM ('automatic', 'by_hand', 'at_times');

-- CreateEnum
CREATE TYPE "flag_kind" AS ENUM ('ack_back', 'skipped');

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
CREATE TYPE "case_access" AS ENUM ('full', 'status');

-- CreateEnum
CREATE TYPE "listed_how" AS ENUM ('filed', 'added');

-- CreateEnum
CREATE TYPE "report_scope" AS ENUM ('all', 'districts', 'departments', 'chosen');

-- CreateEnum
CREATE TYPE "report_state" AS ENUM ('queued', 'running', 'ready', 'failed');

-- CreateEnum
CREATE TYPE "survey_request_state" AS ENUM ('asked', 'confirmed', 'dropped');

-- CreateEnum
CREATE TYPE "comment_review" AS ENUM ('unexamined', 'clear', 'doubtful', 'passed', 'kept_back');

-- CreateEnum
CREATE TYPE "disclosure_reason" AS ENUM ('ownership', 'contact', 'appeal', 'carrier', 'other');

-- CreateEnum
CREATE TYPE "check_answer" AS ENUM ('yes', 'no', 'not_visible', 'none', 'unknown');

-- CreateEnum
CREATE TYPE "code_purpose" AS ENUM ('confirm_contact', 'resume_draft', 'view_status');

-- CreateEnum
CREATE TYPE "evidence_kind" AS ENUM ('box', 'invoice', 'warranty', 'account', 'contract', 'other', 'screen');

-- CreateEnum
CREATE TYPE "evidence_state" AS ENUM ('pending', 'ready', 'unreadable');

-- CreateEnum
CREATE TYPE "found_state" AS ENUM ('found', 'matched', 'returned', 'unclaimed');

-- CreateEnum
CREATE TYPE "import_state" AS ENUM ('read', 'queued', 'done');

-- CreateEnum
CREATE TYPE "handover" AS ENUM ('in_person', 'registered_post', 'courier', 'document_system');

-- CreateEnum
CREATE TYPE "notice_state" AS ENUM ('queued', 'sent', 'failed');

-- CreateEnum
CREATE TYPE "objection_state" AS ENUM ('draft', 'open', 'info_requested', 'granted', 'lifted', 'refused', 'withdrawn', 'expired');

-- CreateEnum
CREATE TYPE "order_action" AS ENUM ('block', 'unblock');

-- CreateEnum
CREATE TYPE "order_reason" AS ENUM ('robbed', 'snatched', 'stolen', 'lost', 'hold', 'recovered', 'withdrawn', 'wrong', 'expired', 'other_claim', 'appeal');

-- CreateEnum
CREATE TYPE "order_state" AS ENUM ('queued', 'sent', 'acknowledged', 'applied', 'failed', 'exempt', 'superseded', 'cancelled');

-- CreateEnum
CREATE TYPE "release_cause" AS ENUM ('guard', 'choice');

-- CreateEnum
CREATE TYPE "release_state" AS ENUM ('waiting', 'asked', 'sending', 'withholding', 'sent', 'withheld');

-- CreateEnum
CREATE TYPE "entry_outcome" AS ENUM ('applied', 'already', 'rejected', 'not_found');

-- CreateEnum
CREATE TYPE "data_request_kind" AS ENUM ('correct', 'erase');

-- CreateEnum
CREATE TYPE "data_request_state" AS ENUM ('open', 'granted', 'refused');

-- CreateEnum
CREATE TYPE "legal_hold_change" AS ENUM ('place', 'lift');

-- CreateEnum
CREATE TYPE "legal_hold_request_state" AS ENUM ('open', 'confirmed', 'refused');

-- CreateEnum
CREATE TYPE "suggestion_state" AS ENUM ('new', 'merged', 'accepted', 'tried', 'declined');

-- CreateEnum
CREATE TYPE "exclusion_reason" AS ENUM ('too_fast', 'same_answers');

-- CreateEnum
CREATE TYPE "webhook_state" AS ENUM ('live', 'gone', 'given_up');

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
    "totp_secret" BYTEA,
    "totp_step" INTEGER,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "decides_from" TIMESTAMPTZ(3) NOT NULL DEFAULT (now() + '24:00:00'::interval),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_sessions" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "browser" TEXT NOT NULL DEFAULT 'other other',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "stepped_up_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "recovery_codes" (
    "code_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("code_hash")
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
CREATE TABLE "account_requests" (
    "id" UUID NOT NULL,
    "kind" "account_request_kind" NOT NULL,
    "account_id" UUID,
    "email" TEXT,
    "name" TEXT,
    "role" "staff_role" NOT NULL,
    "area_id" TEXT,
    "agency_id" TEXT,
    "carrier_id" TEXT,
    "requested_by_id" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" "account_request_outcome",
    "judged_by_id" UUID,
    "judged_at" TIMESTAMPTZ(3),

    CONSTRAINT "account_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_failures" (
    "key_hash" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("key_hash")
);

-- CreateTable
CREATE TABLE "agencies" (
    "id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,

    CONSTRAINT "agencies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_versions" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "name_vi" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "kind" "agency_kind" NOT NULL,
    "abbreviation" TEXT,
    "areas" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "legal_basis" TEXT,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "opened_by" UUID,
    "closed_by" UUID,

    CONSTRAINT "agency_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalogue_changes" (
    "id" UUID NOT NULL,
    "kind" "catalogue_change_kind" NOT NULL,
    "on" DATE NOT NULL,
    "basis" TEXT NOT NULL,
    "edition_id" TEXT,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "catalogue_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_editions" (
    "id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "loaded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agency_editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_successions" (
    "id" UUID NOT NULL,
    "on" DATE NOT NULL,
    "kind" "succession_kind" NOT NULL,
    "from_id" TEXT NOT NULL,
    "to_id" TEXT,
    "basis" TEXT NOT NULL,
    "change_id" UUID NOT NULL,

    CONSTRAINT "agency_successions_pkey" PRIMARY KEY ("id")
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
    "v" SMALLINT NOT NULL DEFAULT 1,
    "case_id" TEXT,
    "before_hash" BYTEA,
    "after_hash" BYTEA,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_leaves" (
    "index" BIGINT NOT NULL,
    "entry_id" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_leaves_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "audit_nodes" (
    "level" SMALLINT NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_nodes_pkey" PRIMARY KEY ("level","index")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "size" BIGINT NOT NULL,
    "note" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "high_id" BIGINT NOT NULL,
    "settled_id" BIGINT NOT NULL,
    "snapshot_xmax" BIGINT NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "reconciliations" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "state" "reconciliation_state" NOT NULL,
    "at_seq" BIGINT NOT NULL,
    "uploaded_by_id" UUID,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,
    "phones" INTEGER NOT NULL DEFAULT 0,
    "invalid" INTEGER NOT NULL DEFAULT 0,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "extra" INTEGER NOT NULL DEFAULT 0,
    "foreign" INTEGER NOT NULL DEFAULT 0,
    "compared_to" TEXT NOT NULL DEFAULT '',
    "repair_missing_by_id" UUID,
    "repair_extra_by_id" UUID,

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE UNLOGGED TABLE "listed_keys" (
    "reconciliation_id" UUID NOT NULL,
    "key14" CHAR(14) NOT NULL,

    CONSTRAINT "listed_keys_pkey" PRIMARY KEY ("reconciliation_id","key14")
);

-- CreateTable
CREATE TABLE "differences" (
    "reconciliation_id" UUID NOT NULL,
    "kind" "difference_kind" NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "order_id" UUID,
    "repair_id" UUID,
    "overtaken" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "differences_pkey" PRIMARY KEY ("reconciliation_id","kind","key14")
);

-- CreateTable
CREATE TABLE "list_facts" (
    "carrier_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "digits" SMALLINT NOT NULL,
    "name" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "list_facts_pkey" PRIMARY KEY ("carrier_id","seq","since","digits","name")
);

-- CreateTable
CREATE TABLE "carrier_questions" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "case_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "sealed" BYTEA NOT NULL,
    "number_hash" BYTEA NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "answer" "sim_answer",
    "answered_at" TIMESTAMPTZ(3),
    "open" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "carrier_questions_pkey" PRIMARY KEY ("id")
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
    "listed" INTEGER NOT NULL DEFAULT 0,
    "release_mode" "release_mode" NOT NULL DEFAULT 'automatic',
    "release_times" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "question_head" BIGINT NOT NULL DEFAULT 0,
    "way" "delivery_way" NOT NULL DEFAULT 'pull',
    "way_version" INTEGER NOT NULL DEFAULT 0,
    "imei_digits" SMALLINT NOT NULL DEFAULT 15,

    CONSTRAINT "carriers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_flags" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "kind" "flag_kind" NOT NULL,
    "facts" JSONB NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "cleared_by_id" UUID,
    "note" TEXT,

    CONSTRAINT "carrier_flags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_reminders" (
    "carrier_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "day" DATE NOT NULL,

    CONSTRAINT "carrier_reminders_pkey" PRIMARY KEY ("carrier_id","kind","day")
);

-- CreateTable
CREATE TABLE "carrier_contacts" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_keys" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_keys" (
    "case_id" UUID NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "wrap_key_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "proof_version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "case_keys_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "cases" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "state" "case_state" NOT NULL,
    "state_text" TEXT NOT NULL GENERATED ALWAYS AS (
CASE state
    WHEN 'submitted'::case_state THEN 'submitted'::text
    WHEN 'under_review'::case_state THEN 'under_review'::text
    WHEN 'info_requested'::case_state THEN 'info_requested'::text
    WHEN 'verified'::case_state THEN 'verified'::text
    WHEN 'blocking'::case_state THEN 'blocking'::text
    WHEN 'blocked'::case_state THEN 'blocked'::text
    WHEN 'rejected'::case_state THEN 'rejected'::text
    WHEN 'unblock_review'::case_state THEN 'unblock_review'::text
    WHEN 'unblocking'::case_state THEN 'unblocking'::text
    WHEN 'withdrawn'::case_state THEN 'withdrawn'::text
    WHEN 'expired'::case_state THEN 'expired'::text
    WHEN 'unblocked'::case_state THEN 'unblocked'::text
    ELSE NULL::text
END) STORED,
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
    "contact_kind" "contact_kind",
    "source_hash" BYTEA,
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
    "hold_asked_by_id" UUID,
    "hold_confirmed_by_id" UUID,
    "hold_due_at" TIMESTAMPTZ(3),
    "hold_until" TIMESTAMPTZ(3),
    "block_from_id" UUID,
    "shared_at" TIMESTAMPTZ(3),
    "earlier_id" UUID,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "act_by" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (
CASE
    WHEN hold_confirmed_by_id IS NULL AND held IS NULL AND withdraw_effective_at IS NULL AND (state = ANY (ARRAY['submitted'::case_state, 'under_review'::case_state, 'info_requested'::case_state])) THEN LEAST(due_at, hold_due_at)
    ELSE due_at
END) STORED,
    "first_action_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "blocked_at" TIMESTAMPTZ(3),
    "rejected_at" TIMESTAMPTZ(3),
    "appealed_at" TIMESTAMPTZ(3),
    "withdraw_effective_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "objected_at" TIMESTAMPTZ(3),
    "objection_answered_at" TIMESTAMPTZ(3),
    "overturned_at" TIMESTAMPTZ(3),
    "review_asked_at" TIMESTAMPTZ(3),
    "needs_work" BOOLEAN NOT NULL,
    "evidence_erased_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

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
    "version" SMALLINT NOT NULL DEFAULT 1,

    CONSTRAINT "blind_index_pkey" PRIMARY KEY ("hash","case_id","kind")
);

-- CreateTable
CREATE TABLE "case_sessions" (
    "token_hash" BYTEA NOT NULL,
    "case_id" UUID NOT NULL,
    "access" "case_access" NOT NULL,
    "flash" BYTEA,
    "identity_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "identities" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity_sessions" (
    "token_hash" BYTEA NOT NULL,
    "identity_id" UUID NOT NULL,
    "attempt_hash" BYTEA NOT NULL,
    "known" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "identity_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "identity_cases" (
    "case_id" UUID NOT NULL,
    "identity_id" UUID NOT NULL,
    "how" "listed_how" NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_cases_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "survey_requests" (
    "id" UUID NOT NULL,
    "exclusion_id" UUID,
    "report_id" UUID,
    "reason_vi" TEXT NOT NULL,
    "reason_en" TEXT,
    "state" "survey_request_state" NOT NULL DEFAULT 'asked',
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_reports" (
    "id" UUID NOT NULL,
    "from_month" DATE NOT NULL,
    "to_month" DATE NOT NULL,
    "scope" "report_scope" NOT NULL,
    "agency_ids" TEXT[],
    "recommendations_vi" TEXT,
    "recommendations_en" TEXT,
    "state" "report_state" NOT NULL DEFAULT 'queued',
    "progress" INTEGER NOT NULL DEFAULT 0,
    "dataset" BYTEA,
    "sha256" BYTEA,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3),
    "files" JSONB,
    "redraw_asked_at" TIMESTAMPTZ(3),
    "redrawn_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_vi" TEXT,
    "withdrawn_en" TEXT,
    "replaces_id" UUID,

    CONSTRAINT "survey_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_comments" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "received_month" DATE NOT NULL,
    "text" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT,
    "released" BOOLEAN NOT NULL DEFAULT false,
    "review" "comment_review" NOT NULL DEFAULT 'unexamined',
    "held_on" DATE,
    "exclusion_id" UUID,
    "masked" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "reply_id" UUID,

    CONSTRAINT "survey_comments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_replies" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "said_vi" TEXT NOT NULL,
    "said_en" TEXT,
    "answer_vi" TEXT NOT NULL,
    "answer_en" TEXT,
    "promise_vi" TEXT,
    "promise_en" TEXT,
    "due_on" DATE,
    "kept_at" TIMESTAMPTZ(3),
    "done_vi" TEXT,
    "done_en" TEXT,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "reminded_for" DATE,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_vi" TEXT,
    "withdrawn_en" TEXT,
    "replaces_id" UUID,

    CONSTRAINT "survey_replies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_reply_changes" (
    "reply_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "promise_vi" TEXT NOT NULL,
    "promise_en" TEXT,
    "due_on" DATE NOT NULL,
    "reason_vi" TEXT NOT NULL,
    "reason_en" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_reply_changes_pkey" PRIMARY KEY ("reply_id","revision")
);

-- CreateTable
CREATE TABLE "disclosures" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "role" "staff_role" NOT NULL,
    "area_id" TEXT,
    "reason" "disclosure_reason" NOT NULL,
    "note" BYTEA,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "proof_version" INTEGER,

    CONSTRAINT "disclosures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proof_checks" (
    "case_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "move" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "area_id" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "imei" "check_answer",
    "name" "check_answer",
    "device" "check_answer",

    CONSTRAINT "proof_checks_pkey" PRIMARY KEY ("case_id","seq")
);

-- CreateTable
CREATE TABLE "lookups" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lookups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lookup_alerts" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3),
    "seen_by_id" UUID,
    "seen_note" TEXT,
    "act" TEXT,
    "subject_id" UUID,

    CONSTRAINT "lookup_alerts_pkey" PRIMARY KEY ("id")
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
CREATE TABLE "code_sends" (
    "id" UUID NOT NULL,
    "contact_hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "code_sends_pkey" PRIMARY KEY ("id")
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
CREATE TABLE "found_phones" (
    "id" UUID NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "state" "found_state" NOT NULL DEFAULT 'found',
    "area_id" TEXT,
    "found_on" DATE NOT NULL,
    "place" TEXT NOT NULL,
    "custody" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "note_sealed" BYTEA,
    "case_id" UUID,
    "told_at" TIMESTAMPTZ(3),
    "added_by_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "found_phones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "found_uploads" (
    "id" UUID NOT NULL,
    "added_by_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "found_uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_imports" (
    "id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "added_by_id" UUID NOT NULL,
    "state" "import_state" NOT NULL DEFAULT 'read',
    "file_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "good" INTEGER NOT NULL,
    "faulty" INTEGER NOT NULL,
    "gone" INTEGER NOT NULL DEFAULT 0,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "passed" JSONB NOT NULL DEFAULT '[]',
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installation" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "id" UUID NOT NULL,
    "joined_at" TIMESTAMPTZ(3),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("one")
);

-- CreateTable
CREATE TABLE "key_fingerprints" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_fingerprints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "troubles" (
    "job" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "troubles_pkey" PRIMARY KEY ("job")
);

-- CreateTable
CREATE TABLE "letter_counters" (
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "letter_counters_pkey" PRIMARY KEY ("year")
);

-- CreateTable
CREATE TABLE "carrier_letters" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "after" BIGINT NOT NULL,
    "up_to" BIGINT NOT NULL,
    "rows" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,
    "annex_sha256" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by_id" UUID,
    "pdf" BYTEA,
    "pdf_sha256" TEXT,
    "handed_on" DATE,
    "handed_by" "handover",
    "received_on" DATE,
    "received_as" TEXT,

    CONSTRAINT "carrier_letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE UNLOGGED TABLE "rate_limits" (
    "key_hash" BYTEA NOT NULL,
    "hits" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key_hash")
) WITH (fillfactor=50);

-- CreateTable
CREATE TABLE "submissions" (
    "key" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("key")
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

-- CreateTable
CREATE TABLE "carrier_orders" (
    "id" UUID NOT NULL,
    "case_id" UUID,
    "drill_id" UUID,
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
    "queued_at" TIMESTAMPTZ(3),
    "release_id" UUID,
    "repair_of_id" UUID,

    CONSTRAINT "carrier_orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queued_orders" (
    "order_id" UUID NOT NULL,
    "imeis" CHAR(15)[],
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "queued_orders_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "order_releases" (
    "id" UUID NOT NULL,
    "cause" "release_cause" NOT NULL,
    "carrier_id" TEXT,
    "state" "release_state" NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "wish" "release_state",
    "reason" TEXT,
    "asked_by_id" UUID,
    "asked_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_releases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drills" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "phones" INTEGER NOT NULL,
    "phase_minutes" INTEGER NOT NULL,
    "started_by_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "turned_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "stopped_by_id" UUID,

    CONSTRAINT "drills_pkey" PRIMARY KEY ("id")
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
CREATE TABLE "consents" (
    "case_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "consents_pkey" PRIMARY KEY ("case_id","purpose")
);

-- CreateTable
CREATE TABLE "data_requests" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "kind" "data_request_kind" NOT NULL,
    "state" "data_request_state" NOT NULL DEFAULT 'open',
    "event_seq" INTEGER NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "extended_at" TIMESTAMPTZ(3),
    "extended_by_id" UUID,
    "first_due_at" TIMESTAMPTZ(3),
    "proposed_by_id" UUID,
    "proposed_at" TIMESTAMPTZ(3),
    "proposed_seq" INTEGER,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "legal_holds" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "basis" TEXT NOT NULL,
    "asked_by_id" UUID,
    "placed_by_id" UUID NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "lift_basis" TEXT,
    "lift_asked_by_id" UUID,
    "lifted_by_id" UUID,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "legal_holds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "legal_hold_requests" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "change" "legal_hold_change" NOT NULL,
    "basis" TEXT NOT NULL,
    "state" "legal_hold_request_state" NOT NULL DEFAULT 'open',
    "event_seq" INTEGER NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "legal_hold_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "questionnaires" (
    "version" INTEGER NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "questions" JSONB NOT NULL,
    "base_version" INTEGER,
    "reason_vi" TEXT,
    "reason_en" TEXT,
    "trial_percent" INTEGER,
    "trial_ends_at" TIMESTAMPTZ(3),
    "adopted_at" TIMESTAMPTZ(3),
    "decision_vi" TEXT,
    "decision_en" TEXT,
    "published_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "questionnaires_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "survey_suggestions" (
    "id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "received_month" DATE NOT NULL,
    "text" TEXT NOT NULL,
    "state" "suggestion_state" NOT NULL DEFAULT 'new',
    "merged_into_id" UUID,
    "summary_vi" TEXT,
    "summary_en" TEXT,
    "answer_vi" TEXT,
    "answer_en" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "outcome_version" INTEGER,
    "outcome_on" DATE,
    "excluded" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "survey_suggestions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_responses" (
    "id" UUID NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "procedure" TEXT,
    "with_code" BOOLEAN NOT NULL,
    "received_month" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "counted" BOOLEAN NOT NULL DEFAULT false,
    "repeated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "survey_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_dossier_keys" (
    "year" INTEGER NOT NULL,
    "key" BYTEA NOT NULL,

    CONSTRAINT "survey_dossier_keys_pkey" PRIMARY KEY ("year")
);

-- CreateTable
CREATE TABLE "survey_dossier_codes" (
    "year" INTEGER NOT NULL,
    "code_hash" BYTEA NOT NULL,

    CONSTRAINT "survey_dossier_codes_pkey" PRIMARY KEY ("year","code_hash")
);

-- CreateTable
CREATE TABLE "survey_receipts" (
    "number_hash" BYTEA NOT NULL,
    "received_month" DATE NOT NULL,
    "exclusion_id" UUID,

    CONSTRAINT "survey_receipts_pkey" PRIMARY KEY ("number_hash")
);

-- CreateTable
CREATE TABLE "survey_exclusions" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "reason" "exclusion_reason" NOT NULL,
    "month" DATE NOT NULL,
    "count" INTEGER NOT NULL,
    "reversed_at" TIMESTAMPTZ(3),
    "reversal" TEXT,
    "reversal_en" TEXT,

    CONSTRAINT "survey_exclusions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_exclusion_totals" (
    "agency_id" TEXT NOT NULL,
    "reason" "exclusion_reason" NOT NULL,
    "excluded" INTEGER NOT NULL,
    "reversed" INTEGER NOT NULL,

    CONSTRAINT "survey_exclusion_totals_pkey" PRIMARY KEY ("agency_id","reason")
);

-- CreateTable
CREATE TABLE "survey_excluded_responses" (
    "id" UUID NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "procedure" TEXT,
    "with_code" BOOLEAN NOT NULL,
    "received_month" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "exclusion_id" UUID NOT NULL,

    CONSTRAINT "survey_excluded_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_kiosks" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "counter" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_kiosks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_spent_proofs" (
    "challenge" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_spent_proofs_pkey" PRIMARY KEY ("challenge")
);

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
CREATE TABLE "survey_tallies" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "published" INTEGER NOT NULL DEFAULT 0,
    "waiting" INTEGER NOT NULL DEFAULT 0,
    "waiting_people" INTEGER NOT NULL DEFAULT 0,
    "batches" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "survey_tallies_pkey" PRIMARY KEY ("agency_id","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_cells" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "respondents" INTEGER NOT NULL,
    "published" JSONB NOT NULL,
    "held_respondents" INTEGER NOT NULL,
    "held_people" INTEGER NOT NULL DEFAULT 0,
    "held" JSONB NOT NULL,

    CONSTRAINT "survey_cells_pkey" PRIMARY KEY ("agency_id","questionnaire_version","question")
);

-- CreateTable
CREATE TABLE "survey_months" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "respondents" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,

    CONSTRAINT "survey_months_pkey" PRIMARY KEY ("agency_id","question","month","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_code_splits" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "with_code" JSONB NOT NULL,
    "without_code" JSONB NOT NULL,
    "held_with_code" JSONB NOT NULL,
    "held_without_code" JSONB NOT NULL,
    "held_people_with_code" INTEGER NOT NULL DEFAULT 0,
    "held_people_without_code" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "survey_code_splits_pkey" PRIMARY KEY ("agency_id","questionnaire_version")
);

-- CreateTable
CREATE TABLE "facts_months" (
    "month" DATE NOT NULL,
    "split" TEXT NOT NULL,
    "measure" TEXT NOT NULL,
    "shown" JSONB NOT NULL,
    "carry" INTEGER NOT NULL,
    "counted" INTEGER NOT NULL,

    CONSTRAINT "facts_months_pkey" PRIMARY KEY ("month","split","measure")
);

-- CreateTable
CREATE TABLE "facts_carriers" (
    "month" DATE NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,
    "within_24h" INTEGER NOT NULL,
    "median_seconds" INTEGER,
    "p90_seconds" INTEGER,

    CONSTRAINT "facts_carriers_pkey" PRIMARY KEY ("month","carrier_id")
);

-- CreateTable
CREATE TABLE "carrier_webhooks" (
    "carrier_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "state" "webhook_state" NOT NULL DEFAULT 'live',
    "message_id" UUID,
    "after" BIGINT,
    "up_to" BIGINT,
    "head" BIGINT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "next_try_at" TIMESTAMPTZ(3),
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_webhooks_pkey" PRIMARY KEY ("carrier_id")
);

-- CreateTable
CREATE TABLE "webhook_secrets" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push_tries" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "message_id" UUID NOT NULL,
    "after" BIGINT NOT NULL,
    "up_to" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fault" TEXT,
    "status" INTEGER,
    "took_ms" INTEGER NOT NULL,

    CONSTRAINT "push_tries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_accounts_email_key" ON "staff_accounts"("email");

-- CreateIndex
CREATE INDEX "staff_accounts_area_id_role_idx" ON "staff_accounts"("area_id", "role");

-- CreateIndex
CREATE INDEX "staff_accounts_active_role_name_id_idx" ON "staff_accounts"("active", "role", "name", "id");

-- CreateIndex
CREATE INDEX "staff_accounts_sought" ON "staff_accounts" USING GIN ("email" gin_trgm_ops, "name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "staff_sessions_id_key" ON "staff_sessions"("id");

-- CreateIndex
CREATE INDEX "staff_sessions_account_id_created_at_idx" ON "staff_sessions"("account_id", "created_at");

-- CreateIndex
CREATE INDEX "staff_sessions_expires_at_idx" ON "staff_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "recovery_codes_account_id_idx" ON "recovery_codes"("account_id");

-- CreateIndex
CREATE INDEX "invitations_account_id_idx" ON "invitations"("account_id");

-- CreateIndex
CREATE INDEX "account_requests_account_id_idx" ON "account_requests"("account_id");

-- CreateIndex
CREATE INDEX "account_requests_requested_by_id_idx" ON "account_requests"("requested_by_id");

-- CreateIndex
CREATE INDEX "account_requests_judged_by_id_idx" ON "account_requests"("judged_by_id");

-- CreateIndex
CREATE INDEX "account_requests_outcome_expires_at_idx" ON "account_requests"("outcome", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "account_requests_one_open_account" ON "account_requests"("account_id") WHERE (outcome IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "account_requests_one_open_email" ON "account_requests"("email") WHERE (outcome IS NULL);

-- CreateIndex
CREATE INDEX "sign_in_failures_last_at_idx" ON "sign_in_failures"("last_at");

-- CreateIndex
CREATE INDEX "agency_versions_opened_by_idx" ON "agency_versions"("opened_by");

-- CreateIndex
CREATE INDEX "agency_versions_closed_by_idx" ON "agency_versions"("closed_by");

-- CreateIndex
CREATE UNIQUE INDEX "agency_versions_agency_id_valid_from_key" ON "agency_versions"("agency_id", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "agency_versions_id_agency_id_key" ON "agency_versions"("id", "agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "catalogue_changes_edition_id_key" ON "catalogue_changes"("edition_id");

-- CreateIndex
CREATE INDEX "catalogue_changes_on_id_idx" ON "catalogue_changes"("on", "id");

-- CreateIndex
CREATE INDEX "agency_successions_from_id_idx" ON "agency_successions"("from_id");

-- CreateIndex
CREATE INDEX "agency_successions_to_id_idx" ON "agency_successions"("to_id");

-- CreateIndex
CREATE INDEX "agency_successions_change_id_idx" ON "agency_successions"("change_id");

-- CreateIndex
CREATE UNIQUE INDEX "agency_successions_on_from_id_to_id_key" ON "agency_successions"("on", "from_id", "to_id");

-- CreateIndex
CREATE INDEX "audit_entries_subject_kind_subject_id_id_idx" ON "audit_entries"("subject_kind", "subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_case_id_id_idx" ON "audit_entries"("case_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_at_id_idx" ON "audit_entries"("actor_id", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_act_at_id_idx" ON "audit_entries"("act", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_leaves_entry_id_key" ON "audit_leaves"("entry_id");

-- CreateIndex
CREATE INDEX "reconciliations_carrier_id_uploaded_at_id_idx" ON "reconciliations"("carrier_id", "uploaded_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reconciliations_uploaded_at_idx" ON "reconciliations"("uploaded_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_reconciliation" ON "reconciliations"("carrier_id") WHERE (state = ANY (ARRAY['receiving'::reconciliation_state, 'comparing'::reconciliation_state]));

-- CreateIndex
CREATE INDEX "list_facts_made_at_idx" ON "list_facts"("made_at");

-- CreateIndex
CREATE INDEX "carrier_questions_case_id_asked_at_idx" ON "carrier_questions"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "questions_open_carrier" ON "carrier_questions"("carrier_id", "seq") WHERE ("open" = true);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_questions_carrier_id_seq_key" ON "carrier_questions"("carrier_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_question" ON "carrier_questions"("case_id", "number_hash", "imei", "carrier_id") WHERE ("open" = true);

-- CreateIndex
CREATE INDEX "carrier_flags_carrier_id_raised_at_id_idx" ON "carrier_flags"("carrier_id", "raised_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_flag" ON "carrier_flags"("carrier_id", "kind") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "carrier_reminders_day_idx" ON "carrier_reminders"("day");

-- CreateIndex
CREATE INDEX "carrier_contacts_carrier_id_added_at_id_idx" ON "carrier_contacts"("carrier_id", "added_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "carrier_keys_key_hash_key" ON "carrier_keys"("key_hash");

-- CreateIndex
CREATE INDEX "carrier_keys_carrier_id_idx" ON "carrier_keys"("carrier_id");

-- CreateIndex
CREATE UNIQUE INDEX "cases_number_key" ON "cases"("number");

-- CreateIndex
CREATE UNIQUE INDEX "cases_source_hash_key" ON "cases"("source_hash");

-- CreateIndex
CREATE INDEX "cases_queue_area" ON "cases"("area_id", "act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_queue_city" ON "cases"("act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_area_id_state_text_act_by_id_idx" ON "cases"("area_id", "state_text", "act_by", "id");

-- CreateIndex
CREATE INDEX "cases_state_text_act_by_id_idx" ON "cases"("state_text", "act_by", "id");

-- CreateIndex
CREATE INDEX "cases_queue_assignee" ON "cases"("assignee_id", "act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_resting" ON "cases"("assignee_id", "id") WHERE ((needs_work = false) AND (assignee_id IS NOT NULL));

-- CreateIndex
CREATE INDEX "cases_queue_held" ON "cases"("act_by", "id") WHERE (held IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_withdraw_effective_at_idx" ON "cases"("withdraw_effective_at") WHERE (withdraw_effective_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_hold" ON "cases"("hold_until", "id") WHERE (hold_until IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_receipt_until_idx" ON "cases"("receipt_until") WHERE (receipt_until IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_earlier_id_idx" ON "cases"("earlier_id");

-- CreateIndex
CREATE INDEX "cases_submitted_at_idx" ON "cases"("submitted_at");

-- CreateIndex
CREATE INDEX "cases_receipt_cookie" ON "cases"("receipt_cookie_hash") WHERE (receipt_cookie_hash IS NOT NULL);

-- CreateIndex
CREATE INDEX "cases_over" ON "cases"("state_since", "id") WHERE ((erased_at IS NULL) AND (state = ANY (ARRAY['rejected'::case_state, 'withdrawn'::case_state, 'expired'::case_state, 'unblocked'::case_state])));

-- CreateIndex
CREATE INDEX "cases_over_with_evidence" ON "cases"("state_since", "id") WHERE ((erased_at IS NULL) AND (evidence_erased_at IS NULL) AND (state = ANY (ARRAY['rejected'::case_state, 'withdrawn'::case_state, 'expired'::case_state, 'unblocked'::case_state])));

-- CreateIndex
CREATE INDEX "case_imeis_key14_idx" ON "case_imeis"("key14");

-- CreateIndex
CREATE INDEX "listed_imeis" ON "case_imeis"("key14") WHERE ("listed" = true);

-- CreateIndex
CREATE UNIQUE INDEX "one_primary_claim_a_phone" ON "case_imeis"("key14") WHERE ("primary_claim" = true);

-- CreateIndex
CREATE INDEX "case_events_counted" ON "case_events"("at", "move") WHERE (move = ANY (ARRAY['verify'::text, 'carriers_applied'::text, 'carriers_lifted'::text]));

-- CreateIndex
CREATE INDEX "blind_index_case_id_idx" ON "blind_index"("case_id");

-- CreateIndex
CREATE INDEX "case_sessions_case_id_idx" ON "case_sessions"("case_id");

-- CreateIndex
CREATE INDEX "case_sessions_identity_id_idx" ON "case_sessions"("identity_id");

-- CreateIndex
CREATE INDEX "case_sessions_expires_at_idx" ON "case_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "identities_seen_at_idx" ON "identities"("seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "identities_issuer_subject_hash_key" ON "identities"("issuer", "subject_hash");

-- CreateIndex
CREATE UNIQUE INDEX "identity_sessions_attempt_hash_key" ON "identity_sessions"("attempt_hash");

-- CreateIndex
CREATE INDEX "identity_sessions_identity_id_idx" ON "identity_sessions"("identity_id");

-- CreateIndex
CREATE INDEX "identity_sessions_expires_at_idx" ON "identity_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "identity_cases_identity_id_added_at_case_id_idx" ON "identity_cases"("identity_id", "added_at" DESC, "case_id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "survey_requests_exclusion_open" ON "survey_requests"("exclusion_id") WHERE (state = 'asked'::survey_request_state);

-- CreateIndex
CREATE UNIQUE INDEX "survey_requests_report_open" ON "survey_requests"("report_id") WHERE (state = 'asked'::survey_request_state);

-- CreateIndex
CREATE UNIQUE INDEX "survey_reports_replaces_id_key" ON "survey_reports"("replaces_id");

-- CreateIndex
CREATE INDEX "survey_reports_asked_at_id_idx" ON "survey_reports"("asked_at" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_reports_published" ON "survey_reports"("published_at" DESC, "id") WHERE (published_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_reports_withdrawn" ON "survey_reports"("withdrawn_at" DESC) WHERE (withdrawn_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_reports_hash" ON "survey_reports"("sha256", "published_at" DESC) WHERE (published_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_received_month_idx" ON "survey_comments"("received_month");

-- CreateIndex
CREATE INDEX "survey_comments_agency_id_received_month_id_idx" ON "survey_comments"("agency_id", "received_month" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_comments_open" ON "survey_comments"("agency_id", "received_month" DESC, "id") WHERE (released AND (reply_id IS NULL));

-- CreateIndex
CREATE INDEX "survey_comments_answered" ON "survey_comments"("agency_id", "received_month" DESC, "id") WHERE (reply_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_waiting" ON "survey_comments"("agency_id", "questionnaire_version") WHERE ((NOT released) AND (exclusion_id IS NULL));

-- CreateIndex
CREATE INDEX "survey_comments_excluded" ON "survey_comments"("exclusion_id") WHERE (exclusion_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_reply" ON "survey_comments"("reply_id") WHERE (reply_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_held" ON "survey_comments"("held_on", "id") WHERE (review = 'doubtful'::comment_review);

-- CreateIndex
CREATE INDEX "survey_comments_unexamined" ON "survey_comments"("id") WHERE (released AND (review = 'unexamined'::comment_review));

-- CreateIndex
CREATE UNIQUE INDEX "survey_replies_replaces_id_key" ON "survey_replies"("replaces_id");

-- CreateIndex
CREATE INDEX "survey_replies_agency_id_published_at_id_idx" ON "survey_replies"("agency_id", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "survey_replies_due" ON "survey_replies"("agency_id", "due_on") WHERE ((due_on IS NOT NULL) AND (kept_at IS NULL) AND (withdrawn_at IS NULL));

-- CreateIndex
CREATE INDEX "survey_replies_withdrawn" ON "survey_replies"("agency_id", "withdrawn_at" DESC) WHERE (withdrawn_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "disclosures_session_id_case_id_until_idx" ON "disclosures"("session_id", "case_id", "until");

-- CreateIndex
CREATE INDEX "disclosures_case_id_opened_at_idx" ON "disclosures"("case_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "proof_checks_area_id_decided_at_idx" ON "proof_checks"("area_id", "decided_at");

-- CreateIndex
CREATE INDEX "proof_checks_decided_at_idx" ON "proof_checks"("decided_at");

-- CreateIndex
CREATE INDEX "lookups_account_id_at_idx" ON "lookups"("account_id", "at");

-- CreateIndex
CREATE INDEX "lookups_at_idx" ON "lookups"("at");

-- CreateIndex
CREATE INDEX "lookup_alerts_account_id_raised_at_idx" ON "lookup_alerts"("account_id", "raised_at");

-- CreateIndex
CREATE INDEX "lookup_alerts_raised_at_id_idx" ON "lookup_alerts"("raised_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "report_drafts_number_key" ON "report_drafts"("number");

-- CreateIndex
CREATE UNIQUE INDEX "report_drafts_cookie_hash_key" ON "report_drafts"("cookie_hash");

-- CreateIndex
CREATE INDEX "report_drafts_expires_at_idx" ON "report_drafts"("expires_at");

-- CreateIndex
CREATE INDEX "contact_codes_contact_hash_created_at_idx" ON "contact_codes"("contact_hash", "created_at");

-- CreateIndex
CREATE INDEX "contact_codes_case_id_purpose_created_at_idx" ON "contact_codes"("case_id", "purpose", "created_at");

-- CreateIndex
CREATE INDEX "code_sends_contact_hash_at_idx" ON "code_sends"("contact_hash", "at");

-- CreateIndex
CREATE INDEX "code_sends_at_idx" ON "code_sends"("at");

-- CreateIndex
CREATE INDEX "evidence_case_id_created_at_idx" ON "evidence"("case_id", "created_at");

-- CreateIndex
CREATE INDEX "evidence_sha256_idx" ON "evidence"("sha256");

-- CreateIndex
CREATE INDEX "found_phones_added_at_id_idx" ON "found_phones"("added_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "found_phones_area_id_added_at_id_idx" ON "found_phones"("area_id", "added_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "found_phones_case_id_idx" ON "found_phones"("case_id");

-- CreateIndex
CREATE INDEX "found_phones_untold" ON "found_phones"("id") WHERE ((state = 'matched'::found_state) AND (told_at IS NULL));

-- CreateIndex
CREATE INDEX "found_phones_closed" ON "found_phones"("closed_at") WHERE (closed_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "one_open_found_phone" ON "found_phones"("key14") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE INDEX "found_uploads_expires_at_idx" ON "found_uploads"("expires_at");

-- CreateIndex
CREATE INDEX "case_imports_area_id_read_at_id_idx" ON "case_imports"("area_id", "read_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_imports_read_at_id_idx" ON "case_imports"("read_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "case_imports_expires_at_idx" ON "case_imports"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_import_a_file" ON "case_imports"("area_id", "file_hash") WHERE (confirmed_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "key_fingerprints_in_force" ON "key_fingerprints"("name", "version") WHERE (retired_at IS NULL);

-- CreateIndex
CREATE INDEX "letters_undrawn" ON "carrier_letters"("id") WHERE (pdf_sha256 IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_letters_year_ordinal_key" ON "carrier_letters"("year", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "carrier_letters_carrier_id_after_key" ON "carrier_letters"("carrier_id", "after");

-- CreateIndex
CREATE INDEX "rate_limits_ends_at_idx" ON "rate_limits"("ends_at");

-- CreateIndex
CREATE INDEX "submissions_at_idx" ON "submissions"("at");

-- CreateIndex
CREATE INDEX "notices_case_id_created_at_idx" ON "notices"("case_id", "created_at");

-- CreateIndex
CREATE INDEX "notices_state_created_at_idx" ON "notices"("state", "created_at") WHERE (state <> 'sent');

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
CREATE INDEX "objections_key14_due_at_id_idx" ON "objections"("key14", "due_at", "id");

-- CreateIndex
CREATE INDEX "objections_clock" ON "objections"("due_at", "id") WHERE (state = ANY (ARRAY['draft'::objection_state, 'info_requested'::objection_state]));

-- CreateIndex
CREATE INDEX "objections_closed" ON "objections"("closed_at", "id") WHERE (closed_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "one_open_objection" ON "objections"("key14", "contact_hash") WHERE ("waiting" = true);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_orders_retry_of_id_key" ON "carrier_orders"("retry_of_id");

-- CreateIndex
CREATE INDEX "carrier_orders_case_id_carrier_id_issued_at_idx" ON "carrier_orders"("case_id", "carrier_id", "issued_at");

-- CreateIndex
CREATE INDEX "carrier_orders_carrier_id_issued_at_id_idx" ON "carrier_orders"("carrier_id", "issued_at", "id");

-- CreateIndex
CREATE INDEX "carrier_orders_issued_at_id_idx" ON "carrier_orders"("issued_at", "id");

-- CreateIndex
CREATE INDEX "orders_of_drill" ON "carrier_orders"("drill_id") WHERE (drill_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "orders_open_carrier" ON "carrier_orders"("carrier_id", "state", "due_at", "id") WHERE (state = ANY (ARRAY['queued'::order_state, 'sent'::order_state, 'acknowledged'::order_state, 'failed'::order_state]));

-- CreateIndex
CREATE INDEX "orders_open" ON "carrier_orders"("state", "due_at", "id") WHERE (state = ANY (ARRAY['queued'::order_state, 'sent'::order_state, 'acknowledged'::order_state, 'failed'::order_state]));

-- CreateIndex
CREATE INDEX "carrier_orders_release_id_carrier_id_queued_at_id_idx" ON "carrier_orders"("release_id", "carrier_id", "queued_at", "id");

-- CreateIndex
CREATE INDEX "orders_of_repairs" ON "carrier_orders"("repair_of_id") WHERE (repair_of_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "order_releases_opened_at_id_idx" ON "order_releases"("opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "releases_open" ON "order_releases"("opened_at", "id") WHERE (state <> ALL (ARRAY['sent'::release_state, 'withheld'::release_state]));

-- CreateIndex
CREATE UNIQUE INDEX "one_waiting_guard" ON "order_releases"("cause") WHERE ((cause = 'guard'::release_cause) AND (state = 'waiting'::release_state));

-- CreateIndex
CREATE UNIQUE INDEX "one_waiting_batch" ON "order_releases"("carrier_id") WHERE ((cause = 'choice'::release_cause) AND (state = 'waiting'::release_state));

-- CreateIndex
CREATE INDEX "drills_carrier_id_started_at_id_idx" ON "drills"("carrier_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "drills_started_at_id_idx" ON "drills"("started_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "one_running_drill" ON "drills"("carrier_id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "book_entries_carrier_id_imei_seq_idx" ON "book_entries"("carrier_id", "imei", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "book_entries_order_id_imei_key" ON "book_entries"("order_id", "imei");

-- CreateIndex
CREATE INDEX "data_requests_case_id_asked_at_idx" ON "data_requests"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "data_requests_open_area" ON "data_requests"("area_id", "due_at", "id") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "data_requests_open" ON "data_requests"("due_at", "id") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "erasures_granted" ON "data_requests"("decided_at", "id") WHERE ((kind = 'erase'::data_request_kind) AND (state = 'granted'::data_request_state));

-- CreateIndex
CREATE UNIQUE INDEX "one_open_data_request" ON "data_requests"("case_id", "kind") WHERE (state = 'open'::data_request_state);

-- CreateIndex
CREATE INDEX "legal_holds_case_id_placed_at_idx" ON "legal_holds"("case_id", "placed_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_legal_hold" ON "legal_holds"("case_id") WHERE (lifted_at IS NULL);

-- CreateIndex
CREATE INDEX "legal_hold_requests_case_id_asked_at_idx" ON "legal_hold_requests"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "legal_hold_requests_open" ON "legal_hold_requests"("asked_at", "id") WHERE (state = 'open'::legal_hold_request_state);

-- CreateIndex
CREATE UNIQUE INDEX "one_open_legal_hold_request" ON "legal_hold_requests"("case_id") WHERE (state = 'open'::legal_hold_request_state);

-- CreateIndex
CREATE INDEX "questionnaires_base_version_idx" ON "questionnaires"("base_version");

-- CreateIndex
CREATE INDEX "survey_suggestions_questionnaire_version_idx" ON "survey_suggestions"("questionnaire_version");

-- CreateIndex
CREATE INDEX "survey_suggestions_state_received_month_id_idx" ON "survey_suggestions"("state", "received_month" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "survey_suggestions_merged_into_id_idx" ON "survey_suggestions"("merged_into_id");

-- CreateIndex
CREATE INDEX "survey_suggestions_outcome_version_idx" ON "survey_suggestions"("outcome_version");

-- CreateIndex
CREATE INDEX "survey_suggestions_answered" ON "survey_suggestions"("answered_at" DESC, "id" DESC) WHERE (answered_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_suggestions_similar" ON "survey_suggestions" USING GIN ("text" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "survey_suggestions_unforgotten" ON "survey_suggestions"("answered_at") WHERE (text <> ''::text);

-- CreateIndex
CREATE INDEX "survey_suggestions_merged_unforgotten" ON "survey_suggestions"("merged_into_id") WHERE (text <> ''::text);

-- CreateIndex
CREATE INDEX "survey_responses_waiting" ON "survey_responses"("agency_id", "questionnaire_version") WHERE (NOT counted);

-- CreateIndex
CREATE INDEX "survey_responses_agency_version_id_service_date_idx" ON "survey_responses"("agency_version_id", "service_date");

-- CreateIndex
CREATE INDEX "survey_exclusions_reversed_at_idx" ON "survey_exclusions"("reversed_at");

-- CreateIndex
CREATE UNIQUE INDEX "survey_exclusions_open" ON "survey_exclusions"("agency_id", "questionnaire_version", "reason", "month") WHERE (reversed_at IS NULL);

-- CreateIndex
CREATE INDEX "survey_excluded_responses_agency_version_id_service_date_idx" ON "survey_excluded_responses"("agency_version_id", "service_date");

-- CreateIndex
CREATE INDEX "survey_excluded_responses_exclusion_id_idx" ON "survey_excluded_responses"("exclusion_id");

-- CreateIndex
CREATE INDEX "survey_kiosks_created_at_id_idx" ON "survey_kiosks"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_spent_proofs_expires_at_idx" ON "survey_spent_proofs"("expires_at");

-- CreateIndex
CREATE INDEX "survey_cells_question_questionnaire_version_idx" ON "survey_cells"("question", "questionnaire_version");

-- CreateIndex
CREATE INDEX "survey_months_question_month_idx" ON "survey_months"("question", "month");

-- CreateIndex
CREATE INDEX "webhook_secrets_carrier_id_idx" ON "webhook_secrets"("carrier_id");

-- CreateIndex
CREATE INDEX "push_tries_carrier_id_at_id_idx" ON "push_tries"("carrier_id", "at", "id");

-- CreateIndex
CREATE INDEX "push_tries_at_idx" ON "push_tries"("at");

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_judged_by_id_fkey" FOREIGN KEY ("judged_by_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_opened_by_fkey" FOREIGN KEY ("opened_by") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_closed_by_fkey" FOREIGN KEY ("closed_by") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalogue_changes" ADD CONSTRAINT "catalogue_changes_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "agency_editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_uploaded_by_id_fkey" FOREIGN KEY ("uploaded_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_repair_missing_by_id_fkey" FOREIGN KEY ("repair_missing_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_repair_extra_by_id_fkey" FOREIGN KEY ("repair_extra_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listed_keys" ADD CONSTRAINT "listed_keys_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "reconciliations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "reconciliations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_repair_id_fkey" FOREIGN KEY ("repair_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "list_facts" ADD CONSTRAINT "list_facts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_flags" ADD CONSTRAINT "carrier_flags_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_flags" ADD CONSTRAINT "carrier_flags_cleared_by_id_fkey" FOREIGN KEY ("cleared_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_reminders" ADD CONSTRAINT "carrier_reminders_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_contacts" ADD CONSTRAINT "carrier_contacts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_keys" ADD CONSTRAINT "carrier_keys_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_filed_by_id_fkey" FOREIGN KEY ("filed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "staff_accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_verified_by_id_fkey" FOREIGN KEY ("verified_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_rejected_by_id_fkey" FOREIGN KEY ("rejected_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_unblock_verified_by_id_fkey" FOREIGN KEY ("unblock_verified_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_counterclaim_by_id_fkey" FOREIGN KEY ("counterclaim_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_hold_asked_by_id_fkey" FOREIGN KEY ("hold_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_hold_confirmed_by_id_fkey" FOREIGN KEY ("hold_confirmed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_block_from_id_fkey" FOREIGN KEY ("block_from_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_earlier_id_fkey" FOREIGN KEY ("earlier_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_imeis" ADD CONSTRAINT "case_imeis_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_actor_area_id_fkey" FOREIGN KEY ("actor_area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blind_index" ADD CONSTRAINT "blind_index_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_sessions" ADD CONSTRAINT "case_sessions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_sessions" ADD CONSTRAINT "case_sessions_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_sessions" ADD CONSTRAINT "identity_sessions_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_cases" ADD CONSTRAINT "identity_cases_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_cases" ADD CONSTRAINT "identity_cases_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "survey_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_reports" ADD CONSTRAINT "survey_reports_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "survey_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_reply_id_fkey" FOREIGN KEY ("reply_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_replies" ADD CONSTRAINT "survey_replies_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_replies" ADD CONSTRAINT "survey_replies_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_reply_changes" ADD CONSTRAINT "survey_reply_changes_reply_id_fkey" FOREIGN KEY ("reply_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_case_id_seq_fkey" FOREIGN KEY ("case_id", "seq") REFERENCES "case_events"("case_id", "seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookups" ADD CONSTRAINT "lookups_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_seen_by_id_fkey" FOREIGN KEY ("seen_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_subject_id_fkey" FOREIGN KEY ("subject_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_drafts" ADD CONSTRAINT "report_drafts_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_drafts" ADD CONSTRAINT "report_drafts_filed_by_id_fkey" FOREIGN KEY ("filed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_codes" ADD CONSTRAINT "contact_codes_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_uploads" ADD CONSTRAINT "found_uploads_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_imports" ADD CONSTRAINT "case_imports_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_imports" ADD CONSTRAINT "case_imports_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_letters" ADD CONSTRAINT "carrier_letters_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_letters" ADD CONSTRAINT "carrier_letters_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_against_id_fkey" FOREIGN KEY ("against_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_inspected_by_id_fkey" FOREIGN KEY ("inspected_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_refused_by_id_fkey" FOREIGN KEY ("refused_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_objection_id_fkey" FOREIGN KEY ("objection_id") REFERENCES "objections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_actor_area_id_fkey" FOREIGN KEY ("actor_area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_drill_id_fkey" FOREIGN KEY ("drill_id") REFERENCES "drills"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_retry_of_id_fkey" FOREIGN KEY ("retry_of_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_exempt_asked_by_id_fkey" FOREIGN KEY ("exempt_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_exempt_confirmed_by_id_fkey" FOREIGN KEY ("exempt_confirmed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "order_releases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_repair_of_id_fkey" FOREIGN KEY ("repair_of_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queued_orders" ADD CONSTRAINT "queued_orders_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_stopped_by_id_fkey" FOREIGN KEY ("stopped_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_extended_by_id_fkey" FOREIGN KEY ("extended_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_proposed_by_id_fkey" FOREIGN KEY ("proposed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_placed_by_id_fkey" FOREIGN KEY ("placed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_lift_asked_by_id_fkey" FOREIGN KEY ("lift_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_lifted_by_id_fkey" FOREIGN KEY ("lifted_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "questionnaires" ADD CONSTRAINT "questionnaires_base_version_fkey" FOREIGN KEY ("base_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "survey_suggestions"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_outcome_version_fkey" FOREIGN KEY ("outcome_version") REFERENCES "questionnaires"("version") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_dossier_codes" ADD CONSTRAINT "survey_dossier_codes_year_fkey" FOREIGN KEY ("year") REFERENCES "survey_dossier_keys"("year") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_receipts" ADD CONSTRAINT "survey_receipts_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_exclusions" ADD CONSTRAINT "survey_exclusions_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_exclusions" ADD CONSTRAINT "survey_exclusions_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_exclusion_totals" ADD CONSTRAINT "survey_exclusion_totals_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_kiosks" ADD CONSTRAINT "survey_kiosks_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_cells" ADD CONSTRAINT "survey_cells_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_cells" ADD CONSTRAINT "survey_cells_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_months" ADD CONSTRAINT "survey_months_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_months" ADD CONSTRAINT "survey_months_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_code_splits" ADD CONSTRAINT "survey_code_splits_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_code_splits" ADD CONSTRAINT "survey_code_splits_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "facts_carriers" ADD CONSTRAINT "facts_carriers_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_webhooks" ADD CONSTRAINT "carrier_webhooks_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier_webhooks"("carrier_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_tries" ADD CONSTRAINT "push_tries_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier_webhooks"("carrier_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on what the schema's language cannot say.

ALTER TABLE "account_requests"
  ADD CONSTRAINT "account_requests_judged" CHECK (("outcome" IS NULL) = ("judged_at" IS NULL)
    AND ("judged_by_id" IS NULL) = ("outcome" IS NULL OR "outcome" = 'expired')),
  ADD CONSTRAINT "account_requests_not_own" CHECK (("requested_by_id" = "account_id") IS NOT TRUE AND ("judged_by_id" = "account_id") IS NOT TRUE),
  ADD CONSTRAINT "account_requests_of_an_account" CHECK ("account_id" IS NOT NULL OR ("kind" = 'invite' AND "outcome" IS DISTINCT FROM 'confirmed')),
  -- The name and the address of a person are kept only as long as the request is open.
  ADD CONSTRAINT "account_requests_person" CHECK (CASE
    WHEN "outcome" IS NOT NULL THEN "email" IS NULL AND "name" IS NULL
    WHEN "kind" = 'invite' THEN "email" IS NOT NULL AND "name" IS NOT NULL
    WHEN "kind" = 'email' THEN "email" IS NOT NULL AND "name" IS NULL
    ELSE "email" IS NULL AND "name" IS NULL
    END),
  -- Two people: nobody judges what they asked for themselves, and nobody asks or judges about their own account.
  ADD CONSTRAINT "account_requests_second_person" CHECK ("judged_by_id" IS NULL OR ("judged_by_id" = "requested_by_id") = ("outcome" = 'withdrawn'));

ALTER TABLE "agency_successions"
  ADD CONSTRAINT "agency_successions_other" CHECK (from_id <> to_id),
  -- What is abolished goes to nobody, everything else to somebody else. (As text: a new value of an enum cannot be used in
  -- the transaction that makes it.)
  ADD CONSTRAINT "agency_successions_to" CHECK ((kind::text = 'abolish') = (to_id IS NULL));

ALTER TABLE "agency_versions"
  ADD CONSTRAINT "agency_versions_order" CHECK (valid_to IS NULL OR valid_to > valid_from);

ALTER TABLE "book_entries"
  ADD CONSTRAINT "imei_of_fifteen_digits" CHECK ("imei" ~ '^[0-9]{15}$'),
  ADD CONSTRAINT "sequences_begin_at_one" CHECK ("seq" > 0);

ALTER TABLE "carrier_flags"
  -- Whoever clears a flag says what came of it.
  ADD CONSTRAINT "cleared_with_a_note" CHECK (("cleared_by_id" IS NULL) = ("note" IS NULL));

ALTER TABLE "carrier_letters"
  ADD CONSTRAINT "handover_is_whole" CHECK (num_nulls("handed_on", "handed_by") IN (0, 2)),
  ADD CONSTRAINT "letter_has_lines" CHECK ("after" < "up_to" AND "rows" > 0),
  ADD CONSTRAINT "letter_is_drawn_before" CHECK ("handed_on" IS NULL OR "pdf" IS NOT NULL),
  ADD CONSTRAINT "letter_is_drawn_whole" CHECK (num_nulls("pdf", "pdf_sha256") IN (0, 2)),
  ADD CONSTRAINT "received_after_handover" CHECK ("received_on" IS NULL OR "received_on" >= "handed_on");

ALTER TABLE "carrier_orders"
  -- Nobody exempts a carrier alone, whatever the application does.
  ADD CONSTRAINT "exempted_by_two" CHECK ("exempt_confirmed_by_id" IS NULL
    OR ("exempt_asked_by_id" IS NOT NULL AND "exempt_confirmed_by_id" <> "exempt_asked_by_id")),
  ADD CONSTRAINT "exempted_with_reason" CHECK ("state" <> 'exempt' OR ("exempt_confirmed_by_id" IS NOT NULL AND "exempt_reason" IS NOT NULL)),
  -- An order carries out a case or a drill. Orders of before are all of cases.
  ADD CONSTRAINT "of_a_case_or_a_drill" CHECK (num_nonnulls("case_id", "drill_id") = 1);

ALTER TABLE "carrier_questions"
  ADD CONSTRAINT "answered_at_a_time" CHECK (("answer" IS NULL) = ("answered_at" IS NULL)),
  ADD CONSTRAINT "no_open_question_has_an_answer" CHECK (NOT "open" OR "answer" IS NULL),
  ADD CONSTRAINT "question_about_fifteen_digits" CHECK ("imei" ~ '^[0-9]{15}$');

ALTER TABLE "carrier_webhooks"
  ADD CONSTRAINT "failing_since_a_time" CHECK (("failures" = 0) = ("failing_since" IS NULL)),
  ADD CONSTRAINT "lease_is_whole" CHECK (num_nulls("lease_id", "lease_until") IN (0, 2)),
  -- A message on its way is whole, and has lines.
  ADD CONSTRAINT "message_is_whole" CHECK (num_nulls("message_id", "after", "up_to", "head") IN (0, 4) AND "after" < "up_to" AND "up_to" <= "head");

ALTER TABLE "carriers"
  ADD CONSTRAINT "acknowledged_within_the_book" CHECK ("acked_seq" BETWEEN 0 AND "book_head"),
  ADD CONSTRAINT "carriers_imei_digits" CHECK (imei_digits IN (14, 15));

ALTER TABLE "cases"
  -- A temporary block is the work of two people, and has an end as long as it is in force.
  ADD CONSTRAINT "a_hold_needs_two" CHECK (hold_confirmed_by_id IS NULL OR (hold_asked_by_id IS NOT NULL AND hold_confirmed_by_id <> hold_asked_by_id)),
  ADD CONSTRAINT "a_hold_was_confirmed" CHECK (hold_until IS NULL OR hold_confirmed_by_id IS NOT NULL OR block_from_id IS NOT NULL);

ALTER TABLE "catalogue_changes"
  ADD CONSTRAINT "catalogue_changes_edition" CHECK ((kind = 'edition') = (edition_id IS NOT NULL));

ALTER TABLE "data_requests"
  ADD CONSTRAINT "data_requests_extended" CHECK ((extended_at IS NULL) = (first_due_at IS NULL) AND (extended_at IS NULL) = (extended_by_id IS NULL)
    AND (extended_at IS NULL OR (extended_at < first_due_at AND first_due_at < due_at)));

ALTER TABLE "differences"
  ADD CONSTRAINT "nothing_foreign_is_ordered" CHECK ("kind" <> 'foreign' OR ("order_id" IS NULL AND "repair_id" IS NULL)),
  ADD CONSTRAINT "phone_of_fourteen_digits" CHECK ("key14" ~ '^[0-9]{14}$');

ALTER TABLE "drills"
  ADD CONSTRAINT "drill_of_a_few" CHECK ("phones" BETWEEN 1 AND 20),
  ADD CONSTRAINT "drill_turns_before_it_ends" CHECK ("ended_at" IS NULL OR "turned_at" IS NOT NULL);

ALTER TABLE "installation"
  -- One row for the life of this database; a copy of it (a restore) has the same id, a new one its own.
  ADD CONSTRAINT "installation_one" CHECK ("one");

ALTER TABLE "legal_hold_requests"
  ADD CONSTRAINT "a_decision_has_a_person" CHECK ((state = 'open') = (decided_by_id IS NULL) AND (state = 'open') = (decided_at IS NULL)),
  ADD CONSTRAINT "a_legal_hold_needs_two" CHECK (state <> 'confirmed' OR decided_by_id <> asked_by_id);

ALTER TABLE "objections"
  ADD CONSTRAINT "objection_draft_holds_nothing" CHECK (state <> 'draft'::objection_state OR (against_id IS NULL AND area_id IS NULL AND NOT waiting)),
  ADD CONSTRAINT "objection_inspected_by_somebody" CHECK ((inspected_at IS NULL) = (inspected_by_id IS NULL) AND (inspected_at IS NULL) = (inspection_held IS NULL)),
  -- What the rules say (domain/objection/lifecycle.ts), whoever writes.
  ADD CONSTRAINT "objection_is_sent_whole" CHECK (state = 'draft'::objection_state OR (sent_at IS NOT NULL AND area_id IS NOT NULL AND secret_hash IS NOT NULL)),
  ADD CONSTRAINT "objection_refused_by_somebody" CHECK ((refused_at IS NULL) = (refused_by_id IS NULL));

ALTER TABLE "order_releases"
  ADD CONSTRAINT "batch_has_a_carrier" CHECK (("cause" = 'choice') = ("carrier_id" IS NOT NULL)),
  -- Nobody releases or withholds what the guard stopped alone, whatever the application does.
  ADD CONSTRAINT "guard_decided_by_two" CHECK ("cause" <> 'guard' OR "state" IN ('waiting', 'asked')
    OR ("asked_by_id" IS NOT NULL AND "decided_by_id" IS NOT NULL AND "asked_by_id" <> "decided_by_id" AND "reason" IS NOT NULL)),
  ADD CONSTRAINT "wish_is_an_end" CHECK ("wish" IN ('sending', 'withholding'));

ALTER TABLE "proof_checks"
  ADD CONSTRAINT "a_check_answers_its_question" CHECK (imei IN ('yes'::check_answer, 'no'::check_answer, 'not_visible'::check_answer)
    AND name IN ('yes'::check_answer, 'no'::check_answer, 'none'::check_answer)
    AND device IN ('yes'::check_answer, 'no'::check_answer, 'unknown'::check_answer)),
  -- Which answers a question takes, and all three together or none.
  ADD CONSTRAINT "a_check_is_whole" CHECK ((imei IS NULL) = (name IS NULL) AND (imei IS NULL) = (device IS NULL)),
  -- Evidence of another IMEI verifies and blocks nothing.
  ADD CONSTRAINT "another_imei_blocks_nothing" CHECK (imei IS DISTINCT FROM 'no'::check_answer
    OR move NOT IN ('verify', 'approve', 'hold', 'confirm_hold', 'accept_counterclaim', 'upheld'));

ALTER TABLE "questionnaires"
  ADD CONSTRAINT "questionnaires_adopted" CHECK (adopted_at IS NULL
    OR (trial_percent IS NOT NULL AND published_at <= adopted_at AND decision_vi IS NOT NULL)),
  ADD CONSTRAINT "questionnaires_base" CHECK (base_version <> version),
  ADD CONSTRAINT "questionnaires_decision" CHECK ((decision_vi IS NULL AND decision_en IS NULL)
    OR ((btrim(decision_vi) <> '' AND btrim(decision_en) <> '') IS TRUE
    AND (adopted_at IS NOT NULL OR retired_at IS NOT NULL))),
  ADD CONSTRAINT "questionnaires_draft" CHECK (published_at IS NOT NULL OR (retired_at IS NULL AND trial_percent IS NULL)),
  -- What can be said of a version without reading its questions one by one; the rest is domain/survey/draft.ts.
  ADD CONSTRAINT "questionnaires_headline" CHECK (published_at IS NULL
    OR questions @> '[{"key": "r1", "kind": "satisfaction", "required": true}]'),
  ADD CONSTRAINT "questionnaires_reason" CHECK (published_at IS NULL OR base_version IS NULL
    OR (btrim(reason_vi) <> '' AND btrim(reason_en) <> '') IS TRUE),
  ADD CONSTRAINT "questionnaires_trial" CHECK (trial_percent BETWEEN 1 AND 50),
  ADD CONSTRAINT "questionnaires_trial_end" CHECK ((trial_percent IS NULL) = (trial_ends_at IS NULL));

ALTER TABLE "survey_cells"
  ADD CONSTRAINT "survey_cells_by_tens" CHECK (respondents = 0 OR respondents >= 10);

ALTER TABLE "survey_comments"
  ADD CONSTRAINT "survey_comments_answered" CHECK (released OR reply_id IS NULL),
  ADD CONSTRAINT "survey_comments_excluded" CHECK (NOT (released AND exclusion_id IS NOT NULL)),
  ADD CONSTRAINT "survey_comments_held" CHECK (review <> 'doubtful' OR held_on IS NOT NULL);

ALTER TABLE "survey_exclusions"
  ADD CONSTRAINT "survey_exclusions_month" CHECK (month = date_trunc('month', month)::date),
  ADD CONSTRAINT "survey_exclusions_reversal" CHECK ((reversed_at IS NULL) = (reversal IS NULL)),
  ADD CONSTRAINT "survey_exclusions_reversal_en" CHECK (reversal_en IS NULL OR reversal IS NOT NULL);

ALTER TABLE "survey_months"
  ADD CONSTRAINT "survey_months_by_tens" CHECK (respondents >= 10),
  ADD CONSTRAINT "survey_months_first_day" CHECK (month = date_trunc('month', month)::date);

ALTER TABLE "survey_replies"
  ADD CONSTRAINT "survey_replies_kept" CHECK ((kept_at IS NULL) = (done_vi IS NULL) AND (kept_at IS NULL OR due_on IS NOT NULL)),
  ADD CONSTRAINT "survey_replies_promise" CHECK ((promise_vi IS NULL) = (due_on IS NULL)),
  ADD CONSTRAINT "survey_replies_withdrawn" CHECK ((withdrawn_at IS NULL) = (withdrawn_vi IS NULL) AND (withdrawn_at IS NOT NULL OR withdrawn_en IS NULL));

ALTER TABLE "survey_reports"
  ADD CONSTRAINT "survey_reports_agencies" CHECK ((scope = 'chosen') = (cardinality(agency_ids) > 0)),
  -- What is ready, or published, is frozen under its own hash.
  ADD CONSTRAINT "survey_reports_frozen" CHECK ((sha256 IS NOT DISTINCT FROM sha256(dataset)) AND (state <> 'ready' OR dataset IS NOT NULL)
    AND (published_at IS NULL OR state = 'ready')),
  ADD CONSTRAINT "survey_reports_months" CHECK (from_month = date_trunc('month', from_month)::date AND to_month = date_trunc('month', to_month)::date
    AND from_month <= to_month),
  ADD CONSTRAINT "survey_reports_recommendations" CHECK (recommendations_en IS NULL OR recommendations_vi IS NOT NULL),
  ADD CONSTRAINT "survey_reports_withdrawn" CHECK ((withdrawn_at IS NULL) = (withdrawn_vi IS NULL) AND (withdrawn_at IS NOT NULL OR withdrawn_en IS NULL)
    AND (withdrawn_at IS NULL OR published_at IS NOT NULL) AND (replaces_id IS NULL OR published_at IS NOT NULL));

ALTER TABLE "survey_requests"
  ADD CONSTRAINT "survey_requests_decided" CHECK ((state = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)),
  -- Two people, and about one thing.
  ADD CONSTRAINT "survey_requests_subject" CHECK (num_nonnulls(exclusion_id, report_id) = 1),
  ADD CONSTRAINT "survey_requests_two_people" CHECK (state <> 'confirmed' OR decided_by_id <> asked_by_id);

ALTER TABLE "survey_responses"
  ADD CONSTRAINT "survey_responses_month" CHECK (received_month = date_trunc('month', received_month)::date);

ALTER TABLE "survey_suggestions"
  ADD CONSTRAINT "survey_suggestions_answer" CHECK ((state IN ('accepted', 'tried', 'declined')) = (answered_at IS NOT NULL)
    AND (answered_at IS NOT NULL) = ((btrim(summary_vi) <> '' AND btrim(answer_vi) <> '') IS TRUE)),
  ADD CONSTRAINT "survey_suggestions_merged" CHECK ((state = 'merged') = (merged_into_id IS NOT NULL)
    AND merged_into_id <> id);

ALTER TABLE "survey_tallies"
  ADD CONSTRAINT "survey_tallies_by_tens" CHECK ((published = 0 OR published >= 10) AND waiting_people BETWEEN 0 AND 9 AND waiting >= waiting_people);

-- Versions of one agency never overlap.
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_no_overlap" EXCLUDE USING gist (agency_id WITH =, daterange(valid_from, valid_to, '[)'::text) WITH &&);

-- One trial at a time.
CREATE UNIQUE INDEX questionnaires_one_trial ON questionnaires USING btree ((true)) WHERE ((trial_percent IS NOT NULL) AND (retired_at IS NULL) AND (adopted_at IS NULL));

-- Row-level security (ADR 21): the database shows and takes rows of cases, persons and evidence only inside the scope that
-- a transaction or connection has declared in antam.scope (server/platform/scope.ts): 'system', 'city', 'area:<id>',
-- 'case:<id>', 'identity:<id>'. Nothing declared: nothing there.
-- What is declared, as a policy asks it: everything, one district, one case, draft or objection, or one person's list. Null is
-- nothing. Each is asked once a statement (the SELECT makes a parameter of it), and CASE leaves the wide scopes at that. What
-- belongs to a case is seen where the case is, looked up by its primary key: EXISTS could be hashed over all cases.
CREATE FUNCTION scope_area()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN "substring"(current_setting('antam.scope'::text, true), '^area:(.+)$'::text);
CREATE FUNCTION scope_case()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ("substring"(current_setting('antam.scope'::text, true), '^case:(.+)$'::text))::uuid;
CREATE FUNCTION scope_identity()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ("substring"(current_setting('antam.scope'::text, true), '^identity:(.+)$'::text))::uuid;
CREATE FUNCTION scope_is_wide()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (current_setting('antam.scope'::text, true) = ANY (ARRAY['system'::text, 'city'::text]));

ALTER TABLE "blind_index" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "blind_index" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE (case_id = ( SELECT scope_case() AS scope_case))
END);
CREATE POLICY "search" ON "blind_index" FOR SELECT USING ((( SELECT scope_area() AS scope_area) IS NOT NULL));
ALTER TABLE "carrier_questions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "carrier_questions" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = carrier_questions.case_id)))
END);
ALTER TABLE "case_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "case_events" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = case_events.case_id)))
END);
ALTER TABLE "case_imeis" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "case_imeis" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = case_imeis.case_id)))
END);
ALTER TABLE "case_keys" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "case_keys" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = case_keys.case_id)) OR ( SELECT true
       FROM objections o
      WHERE (o.id = case_keys.case_id)))
END);
ALTER TABLE "cases" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "cases" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (area_id = ( SELECT scope_area() AS scope_area)) OR (id = ANY (( SELECT array_agg(l.case_id) AS array_agg
       FROM identity_cases l
      WHERE (l.identity_id = ( SELECT scope_identity() AS scope_identity)))::uuid[])))
END) WITH CHECK (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (area_id = ( SELECT scope_area() AS scope_area)))
END);
ALTER TABLE "consents" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "consents" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = consents.case_id)) OR ( SELECT true
       FROM objections o
      WHERE (o.id = consents.case_id)))
END);
ALTER TABLE "data_requests" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "data_requests" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = data_requests.case_id)))
END);
ALTER TABLE "evidence" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "evidence" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = evidence.case_id)) OR ( SELECT true
       FROM objections o
      WHERE (o.id = evidence.case_id)))
END);
ALTER TABLE "identity_cases" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "identity_cases" USING (
CASE
    WHEN ( SELECT (current_setting('antam.scope'::text, true) = 'system'::text)) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR (identity_id = ( SELECT scope_identity() AS scope_identity)))
END) WITH CHECK (
CASE
    WHEN ( SELECT (current_setting('antam.scope'::text, true) = 'system'::text)) THEN true
    ELSE (case_id = ( SELECT scope_case() AS scope_case))
END);
ALTER TABLE "legal_hold_requests" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "legal_hold_requests" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = legal_hold_requests.case_id)))
END);
ALTER TABLE "legal_holds" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "legal_holds" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = legal_holds.case_id)))
END);
ALTER TABLE "notices" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "notices" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = notices.case_id)) OR ( SELECT true
       FROM objections o
      WHERE (o.id = notices.case_id)))
END);
ALTER TABLE "objection_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "objection_events" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((objection_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM objections o
      WHERE (o.id = objection_events.objection_id)))
END);
ALTER TABLE "objections" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "objections" USING (
CASE ( SELECT current_setting('antam.scope'::text, true) AS current_setting)
    WHEN 'system'::text THEN true
    WHEN 'city'::text THEN (area_id IS NOT NULL)
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (area_id = ( SELECT scope_area() AS scope_area)))
END);
ALTER TABLE "proof_checks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "proof_checks" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = proof_checks.case_id)))
END);
ALTER TABLE "report_drafts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "report_drafts" USING (
CASE
    WHEN ( SELECT (current_setting('antam.scope'::text, true) = 'system'::text)) THEN true
    ELSE (id = ( SELECT scope_case() AS scope_case))
END);

-- One row for the life of this database; a copy of it (a restore) has the same id, a new one its own.
INSERT INTO "installation" ("id") VALUES (gen_random_uuid());
