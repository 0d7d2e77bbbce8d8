"""Step `annotate`: documents at scale, by workers that each read and write shards of their own.

What happens to an input, file by file:

* `inputs`: finds the files that the command names, and tells their formats;
* `cutting`: cuts a file into shards of whole rows, by byte or row range;
* `plan`: the shards, the options and the model of a run: the manifest of the output folder;
* `folder`: the output folder: begun, gone on with, or refused where the plan is another; a part appears as a whole;
* `rows`: reads the rows of a shard, with what is wrong with those that cannot be read;
* `documents`: a row becomes a document to annotate, or is refused with the reason;
* `annotator`: a worker: the loaded pipeline, which turns a shard into its part and its bad rows;
* `output`: the format of the documents and of the quarantine, and reading the documents back as records;
* `scheduler`: gives shards to workers, and copes with those that die;
* `local`, `cluster`: workers as processes of this machine, or as Ray actors.

Nothing is kept in memory but the shards in work, and nothing goes through the parent but their numbers.
"""
