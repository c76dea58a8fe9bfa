-- Answers the public checks that arrive at one moment, in one round trip. Each counts against the limit of its own
-- address, in the order given: `wait` is in seconds, `reported` says whether its phone is reported. A check with a null
-- IMEI only counts. The keys are locked in sorted order, so that two servers cannot deadlock.
-- Runs as the tables' owner, whom the policies do not bind. Where one role is both owner and application, the policies do bind
-- it: then it declares the scope `system` for this one read.
CREATE OR REPLACE FUNCTION check_imeis(
  p_keys14 text[], p_keys bytea[], p_amount integer, p_window_ms integer, p_now timestamptz
) RETURNS TABLE (wait integer, reported boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_imeis');
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  RETURN QUERY
    WITH asked AS (
      SELECT u.place, u.key14, u.key, row_number() OVER (PARTITION BY u.key ORDER BY u.place) AS nth
      FROM unnest(p_keys14, p_keys) WITH ORDINALITY AS u (key14, key, place)
    ), counted AS (
      INSERT INTO rate_limits AS l (key_hash, hits, ends_at)
      SELECT key, count(*)::integer, p_now + p_window_ms * interval '1 millisecond'
      FROM asked GROUP BY key ORDER BY key
      ON CONFLICT (key_hash) DO UPDATE SET
        hits = CASE WHEN l.ends_at <= p_now THEN 0 ELSE least(l.hits, p_amount) END + excluded.hits,
        ends_at = CASE WHEN l.ends_at <= p_now THEN excluded.ends_at ELSE l.ends_at END
      RETURNING l.key_hash, l.hits, l.ends_at
    ), answered AS (
      SELECT a.place, a.key14,
        CASE WHEN c.hits - count(*) OVER (PARTITION BY a.key) + a.nth <= p_amount THEN 0
             ELSE greatest(1, ceil(extract(epoch FROM c.ends_at - p_now)))::integer END AS wait
      FROM asked a JOIN counted c ON c.key_hash = a.key
    )
    SELECT a.wait, a.wait = 0 AND EXISTS (
      SELECT 1 FROM case_imeis i WHERE i.key14 = a.key14::character(14) AND i.is_public
    )
    FROM answered a ORDER BY a.place;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
END $$;
