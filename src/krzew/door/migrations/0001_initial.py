import django.db.models.deletion
import django.utils.timezone
import encrypted_fields.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_roles_of_calls'),
        ('accounts', '__first__'),
        ('calls', '0002_assessment'),
        ('library', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseNumber',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='UnknownWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stem', models.CharField(max_length=40, unique=True)),
                ('form', models.CharField(max_length=60)),
                ('times', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-times', 'form'],
            },
        ),
        migrations.CreateModel(
            name='Canned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='when it is used')),
                ('text_pl', models.TextField(max_length=4000, verbose_name='answer in Polish')),
                ('text_en', models.TextField(blank=True, max_length=4000, verbose_name='answer in English')),
                ('put_away_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canned', to='accounts.organisation')),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('need', 'need'), ('challenge', 'challenge of a place or institution'), ('question', 'question'), ('idea', 'idea'), ('application', 'application'), ('sign_up', 'sign-up for a test'), ('offer', 'offer or search on the board')], max_length=12)),
                ('state', models.CharField(choices=[('new', 'waits for a first answer'), ('office', 'the office has the next word'), ('author', 'answered, the author has the next word'), ('closed', 'closed with an answer'), ('withdrawn', 'taken back by its author')], default='new', max_length=10)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('object_type', models.CharField(blank=True, max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(default='pl', max_length=2)),
                ('name', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('email', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('phone', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('draft', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_answer_at', models.DateTimeField(blank=True, null=True)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('keyed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.organisation')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(fields=['organisation', 'state', 'due_on'], name='door_case_inbox'), models.Index(fields=['assigned_to', 'state'], name='door_case_desk')],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='door_case_number'), models.UniqueConstraint(condition=models.Q(('object_type', ''), _negated=True), fields=('object_type', 'object_id'), name='door_case_of_object')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what is asked of her')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='door.case')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handed_cases', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case', 'to'), name='door_handed_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('by_author', models.BooleanField(default=False)),
                ('is_note', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='door.case')),
            ],
            options={
                'ordering': ['case', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(choices=[('person', 'for myself or somebody close'), ('worker', 'for somebody whom I support at work'), ('institution', 'for an institution or organisation'), ('gmina', 'for a gmina')], default='person', max_length=12)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('concepts', models.JSONField(blank=True, default=list)),
                ('main', models.CharField(blank=True, db_index=True, max_length=60)),
                ('groups', models.JSONField(blank=True, default=list)),
                ('services', models.JSONField(blank=True, default=list)),
                ('people', models.PositiveIntegerField(blank=True, null=True, verbose_name='how many people it concerns')),
                ('answered', models.BooleanField(default=False)),
                ('solutions', models.JSONField(blank=True, default=list)),
                ('wants_news', models.BooleanField(default=False)),
                ('library', models.CharField(blank=True, max_length=64)),
                ('is_demo', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='door.case')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['place', 'main'], name='door_need_spot')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offer', 'I offer'), ('search', 'I look for')], max_length=8)),
                ('subject', models.CharField(choices=[('premises', 'premises or land'), ('customers', 'customers or orders'), ('testers', 'people who test'), ('partners', 'partners'), ('mentors', 'a mentor or advice'), ('things', 'equipment or transport'), ('work', 'work or practice')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waits to be read by the office'), ('published', 'on the board'), ('returned', 'returned with a question'), ('refused', 'not taken onto the board'), ('closed', 'no longer needed')], default='waiting', max_length=10)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='in a few words')),
                ('text', models.TextField(max_length=3000, verbose_name='what exactly')),
                ('shown_as', models.CharField(blank=True, max_length=120, verbose_name='name to be shown')),
                ('name', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('email', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('phone', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('language', models.CharField(default='pl', max_length=2)),
                ('returned_why', models.TextField(blank=True, max_length=1000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True, verbose_name='until when')),
                ('moderated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organisation')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-published_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'subject'], name='door_offer_board')],
            },
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_type', models.CharField(blank=True, max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=40)),
                ('score', models.FloatField(default=0)),
                ('why', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('proposed', 'found, to be looked at'), ('sent', 'told'), ('set_aside', 'does not fit')], default='proposed', max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('idea', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='calls.ideacard')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='door.need')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.unit')),
                ('solution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='library.solution')),
            ],
            options={
                'ordering': ['state', '-score', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('need__isnull', False)), fields=('solution', 'object_type', 'object_id', 'need'), name='door_reach_need_once'), models.UniqueConstraint(condition=models.Q(('place__isnull', False)), fields=('solution', 'object_type', 'object_id', 'place'), name='door_reach_place_once'), models.UniqueConstraint(condition=models.Q(('idea__isnull', False)), fields=('solution', 'object_type', 'object_id', 'idea'), name='door_reach_idea_once')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waits to be read by the office'), ('passed_on', 'passed on'), ('refused', 'not passed on')], default='waiting', max_length=10)),
                ('text', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('name', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('email', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('phone', encrypted_fields.fields.EncryptedTextField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moderated_at', models.DateTimeField(blank=True, null=True)),
                ('refused_why', models.CharField(blank=True, max_length=300)),
                ('moderated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='door.offer')),
            ],
            options={
                'ordering': ['offer', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ThesaurusWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('concept', models.CharField(max_length=60, verbose_name='concept')),
                ('language', models.CharField(default='pl', max_length=2)),
                ('text', models.CharField(max_length=120, verbose_name='word or phrase')),
                ('is_misspelling', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['concept', 'text'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('concept', 'language', 'text'), name='door_word_once')],
            },
        ),
    ]
