-- Looks up the phones of one shop's list in one round trip. Either all of them count against the account's daily limit, or none
-- is looked up. Returns whether they were allowed, how many are left today, and the keys of the reported ones. Like `check_imeis`
-- it reads with the owner's rights, and reveals only whether a phone is reported.
CREATE OR REPLACE FUNCTION check_imei_list(
  p_keys14 text[], p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz
) RETURNS TABLE (allowed boolean, remaining integer, reported text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_imeis');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  asked constant integer := cardinality(p_keys14);
  used integer;
BEGIN
  INSERT INTO rate_limits AS l (key_hash, hits, ends_at)
    SELECT p_key, asked, p_now + p_window_ms * interval '1 millisecond' WHERE asked <= p_amount
    ON CONFLICT (key_hash) DO UPDATE SET
      hits = CASE WHEN l.ends_at <= p_now THEN 0 ELSE l.hits END + asked,
      ends_at = CASE WHEN l.ends_at <= p_now THEN excluded.ends_at ELSE l.ends_at END
    WHERE CASE WHEN l.ends_at <= p_now THEN 0 ELSE l.hits END + asked <= p_amount
    RETURNING l.hits INTO used;
  IF used IS NULL THEN
    SELECT l.hits INTO used FROM rate_limits l WHERE l.key_hash = p_key AND l.ends_at > p_now;
    RETURN QUERY SELECT false, p_amount - coalesce(used, 0), '{}'::text[];
    RETURN;
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  RETURN QUERY SELECT true, p_amount - used, ARRAY(
    SELECT key14::text FROM unnest(p_keys14) AS u (key14)
    WHERE EXISTS (SELECT 1 FROM case_imeis i WHERE i.key14 = u.key14::character(14) AND i.is_public)
  );
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
END $$;
