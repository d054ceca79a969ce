;;; model.el --- What Emacs shows when a model answers  -*- lexical-binding: t -*-

(require 'harness)

(defconst file (expand-file-name "api/shop/worker/notify.py"))
(defconst rule "errors/http-call-no-timeout")

(defvar asked nil "What the person was asked, the newest first, each with the text at that time.")
(defvar grown nil "What stood in the file of the answer, the newest first.")

(defun told-file (words)
  "The path of the answer that WORDS, a message of the server, name."
  (when (string-match "the answer is in file://\\(.+\\.md\\)" words)
    (match-string 1 words)))

(defun ask-for-a-rewrite (code apply &optional asking)
  "Choose the rewrite from the code actions of CODE; say APPLY to its edit.
ASKING is called with what asks, to do it in a way of its own."
  (let* ((asking (or asking #'funcall))
         (path nil)
         (look (lambda ()
                 (when path
                   (push (with-temp-buffer (insert-file-contents path) (buffer-string)) grown))))
         (timer (run-at-time 0 0.02 look)))
    (setq asked nil grown nil)
    (unwind-protect
        (cl-letf (((symbol-function 'eglot--message)
                   (lambda (words &rest more)
                     (setq path (or (told-file (apply #'format words more)) path))))
                  ((symbol-function 'completing-read)
                   (lambda (prompt &rest _)
                     (push (cons prompt (with-current-buffer code (buffer-string))) asked)
                     (if (string-search "would send" prompt) "Send what I ask about" apply)))
                  ;; Eglot has a question of its own before a server's edit.
                  ((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
          (with-current-buffer code
            (expert-go "requests.post(")
            (let ((action (cl-find-if
                           (lambda (action)
                             (string-search "rewrite this code" (plist-get action :title)))
                           (eglot-code-actions (point) (point)))))
              (cl-letf (((symbol-function 'x-popup-menu) (lambda (&rest _) action))
                        (last-nonmenu-event nil))
                (funcall asking
                         (lambda ()
                           (eglot--read-execute-code-action
                            (list action) (eglot-current-server)))))))
          (funcall look))
      (cancel-timer timer))))

(defmacro with-code (&rest body)
  "Run BODY in the visited file, which is as it was afterwards."
  `(unwind-protect
       (progn
         (expert-open file)
         (expert-finding rule)
         (buffer-enable-undo)
         (let ((code (current-buffer))
               (before (buffer-string)))
           ,@body))
     (with-current-buffer (find-file-noselect file)
       (set-buffer-modified-p nil)
       (revert-buffer t t t)
       (expert-changed))))

(ert-deftest a-rewrite-grows-in-a-file-and-waits-for-a-yes ()
  (with-code
   ;; A no: the answer is there, and the code stays as it is.
   (ask-for-a-rewrite code "Not now")
   (should (equal (buffer-string) before))
   (should (string-search "Wait at most five seconds" (car (nth 0 asked))))
   (should (string-search "would send the code" (car (nth 1 asked))))
   (should (string-search "The call waits for ever." (car grown)))
   (should (string-search "+        timeout=5," (car grown)))
   (should (cl-some (lambda (text)
                      (and (string-search "The call waits" text)
                           (not (string-search "for ever" text))))
                    grown))
   ;; A yes: it is made after that and not before; nobody is asked about sending again.
   (ask-for-a-rewrite code "Apply")
   (should (equal (length asked) 1))
   (should (equal (cdr (car asked)) before))
   (should (string-search "service_key},\n        timeout=5,\n    )" (buffer-string)))
   (expert-changed)
   (expert-gone rule)
   (undo-boundary)
   (let ((last-command nil)) (undo))
   (should (equal (buffer-string) before))))

(ert-deftest an-answer-that-takes-longer-than-eglot-waits-comes-all-the-same ()
  (with-code
   (ask-for-a-rewrite
    code "Apply"
    (lambda (ask)
      (let ((jsonrpc-default-request-timeout 0.3))
        (should-error (funcall ask) :type 'jsonrpc-error))
      (expert-wait "the edit" (string-search "timeout=5" (buffer-string)))))
   (should (equal (cdr (car asked)) before))
   (should (string-search "The call waits for ever." (car grown)))))

;;; model.el ends here
