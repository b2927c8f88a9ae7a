/** The specification's own "Request sample", character for character. */
export const samplePush =
  '[{ "callId": "10000161****^1000018****", "duration": 125, "endTime": "2025-05-22 12:31:31", "recordFile": "http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/**********", "startTime": "2025-05-22 12:29:20", "taskId": "1181**************", "detailId": "9662*************", "batchId": "B202******", "outId": "123456" }]';

/** What its call is found by. */
export const sampleCallId = '10000161****^1000018****';
