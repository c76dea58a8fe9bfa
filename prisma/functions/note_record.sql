-- Written from features/data-audit/records-rules.ts (npx vitest run --project unit features/data-audit -u).
-- Adds to an entry of the audit log what its transaction leaves behind, as hashes: the entry then says of the data what the
-- sealed tree proves of the entry. It waits for the end of the transaction, and runs as the tables' owner: the application
-- changes no entry.
CREATE OR REPLACE FUNCTION note_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  record jsonb := '{}';
  one text;
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  FOREACH one IN ARRAY CASE
    WHEN NEW.act IN ('objection.submit', 'objection.follow_block', 'objection.reply', 'objection.withdraw', 'objection.renew', 'objection.request_info', 'objection.remind_reply', 'objection.inspect', 'objection.uphold', 'objection.refuse', 'objection.grant', 'objection.finish', 'objection.lift', 'objection.expire', 'objection.review', 'objection.answer', 'objection.ask', 'objection.keep', 'objection.block_again', 'objection.block_over') THEN ARRAY['objection']
    WHEN NEW.act IN ('account.demo', 'account.invite', 'account.print_link', 'account.activate', 'account.change', 'account.change_email', 'account.enable', 'account.disable', 'account.reset_sign_in', 'account.password', 'account.renew_recovery_codes', 'account.use_recovery_code', 'account.add_passkey', 'account.remove_passkey', 'account.renew_record') THEN ARRAY['account']
    WHEN NEW.act IN ('carrier.key_issued', 'carrier.key_revoked', 'carrier.renew_record') THEN ARRAY['carrier']
    WHEN NEW.act IN ('suggestion.answer', 'suggestion.merge', 'suggestion.separate') THEN ARRAY['suggestion']
    WHEN NEW.act IN ('survey.reply', 'survey.keep_promise', 'survey.change_promise', 'survey.withdraw_reply') THEN ARRAY['reply']
    WHEN NEW.act IN ('survey.report_ready', 'survey.report_redrawn', 'survey.report_published', 'survey.report_withdrawn') THEN ARRAY['report']
    WHEN NEW.act IN ('catalogue.load', 'catalogue.add', 'catalogue.rename', 'catalogue.merge', 'catalogue.split', 'catalogue.close', 'catalogue.edition', 'catalogue.withdraw') THEN ARRAY['agencies']
    WHEN NEW.act IN ('questionnaire.publish') THEN ARRAY['questionnaires']
    WHEN NEW.act IN ('area_edition.switch') THEN ARRAY['areas']
    WHEN NEW.act IN ('survey.volumes') THEN ARRAY['volumes']
    WHEN NEW.act IN ('survey.benchmarks') THEN ARRAY['benchmarks']
    WHEN NEW.act = 'reference.loaded' THEN string_to_array(coalesce(NEW.facts->>'sets', ''), ' ')
    ELSE ARRAY['case'] END
  LOOP
    record := record || coalesce(record_of(one, CASE one WHEN 'case' THEN NEW.case_id ELSE NEW.subject_id END), '{}');
  END LOOP;
  IF record <> '{}' THEN
    UPDATE audit_entries SET facts = facts || jsonb_build_object('record', record) WHERE id = NEW.id;
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS note_record ON audit_entries;
CREATE CONSTRAINT TRIGGER note_record AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN ((NEW.after_hash IS NOT NULL OR NEW.act IN ('case.withdraw_consent', 'evidence.remove', 'objection.submit', 'objection.follow_block', 'objection.reply', 'objection.withdraw', 'objection.renew', 'objection.request_info', 'objection.remind_reply', 'objection.inspect', 'objection.uphold', 'objection.refuse', 'objection.grant', 'objection.finish', 'objection.lift', 'objection.expire', 'objection.review', 'objection.answer', 'objection.ask', 'objection.keep', 'objection.block_again', 'objection.block_over', 'account.demo', 'account.invite', 'account.print_link', 'account.activate', 'account.change', 'account.change_email', 'account.enable', 'account.disable', 'account.reset_sign_in', 'account.password', 'account.renew_recovery_codes', 'account.use_recovery_code', 'account.add_passkey', 'account.remove_passkey', 'account.renew_record', 'carrier.key_issued', 'carrier.key_revoked', 'carrier.renew_record', 'suggestion.answer', 'suggestion.merge', 'suggestion.separate', 'survey.reply', 'survey.keep_promise', 'survey.change_promise', 'survey.withdraw_reply', 'survey.report_ready', 'survey.report_redrawn', 'survey.report_published', 'survey.report_withdrawn', 'catalogue.load', 'catalogue.add', 'catalogue.rename', 'catalogue.merge', 'catalogue.split', 'catalogue.close', 'catalogue.edition', 'catalogue.withdraw', 'questionnaire.publish', 'area_edition.switch', 'survey.volumes', 'survey.benchmarks', 'reference.loaded')))
  EXECUTE FUNCTION note_record();
