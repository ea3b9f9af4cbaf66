-- Whether something waits before a job in its lane is asked for every job that is looked at.
CREATE INDEX jobs_by_lane ON jobs (shop_id, lane) WHERE state = 'waiting';
